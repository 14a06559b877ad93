/**
 * One line of comma-separated values (RFC 4180). A cell that a spreadsheet would take for a formula
 * gets an apostrophe in front, since cells are data of other people.
 */
export function csvLine(cells: readonly string[]): string {
  return cells.map(cell).join(",");
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
