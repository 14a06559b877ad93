/** Texts that are remembered at once: those of some worlds. */
const KEPT_MAX = 4096;

/**
 * Reads a text once: instances hold the same records and contents, and observers look at them again
 * after each commit. What comes out is shared, and changed by nobody.
 */
export function readOnce<Value>(read: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size === KEPT_MAX) known.clear();
    const value = read(text);
    known.set(text, value);
    return value;
  };
}
