import { ByteNames } from "../base/ingress/byte-names.ts";
import { type JsonTape, TOKEN } from "../base/ingress/json-tape.ts";
import { RESOURCE_VOLATILE, VOLATILE } from "./foreign-fields.ts";
import { SECRET_FIELDS } from "./volatile.ts";

const SECRETS = new ByteNames(SECRET_FIELDS);
const RESOURCE_FIELDS = new ByteNames(RESOURCE_VOLATILE);
const FIELDS = new Map([...VOLATILE].map(([type, fields]) => [type, new ByteNames(fields)]));
const CONTAINERS = new ByteNames(["extras", "resources"]);
const EXTRAS = 0;
const RESOURCES = 1;

/** True when {@link refuseForeignFields} would refuse the content whose map stands at a token. */
export function holdsForeignFields(type: string, tape: JsonTape, content: number): boolean {
  const { bytes, kind, start, end, next } = tape;
  const fields = FIELDS.get(type);
  const close = next[content] as number;
  for (let key = content + 1; key < close; key = next[key + 1] as number) {
    const [from, to] = [start[key] as number, end[key] as number];
    if (SECRETS.find(bytes, from, to) >= 0) return true;
    if (fields !== undefined && fields.find(bytes, from, to) >= 0) return true;
    if (kind[key + 1] !== TOKEN.map) continue;
    const container = CONTAINERS.find(bytes, from, to);
    if (container === EXTRAS) continue;
    const isOfPackage = container === RESOURCES && type === "package";
    if (holdsBelow(tape, key + 1, isOfPackage ? 2 : Number.POSITIVE_INFINITY)) return true;
  }
  return false;
}

/** `toResource`: how many levels below this map the fields of resources stand. */
function holdsBelow(tape: JsonTape, map: number, toResource: number): boolean {
  const { bytes, kind, start, end, next } = tape;
  const close = next[map] as number;
  for (let key = map + 1; key < close; key = next[key + 1] as number) {
    const [from, to] = [start[key] as number, end[key] as number];
    if (SECRETS.find(bytes, from, to) >= 0) return true;
    if (toResource === 1 && RESOURCE_FIELDS.find(bytes, from, to) >= 0) return true;
    if (kind[key + 1] === TOKEN.map && holdsBelow(tape, key + 1, toResource - 1)) return true;
  }
  return false;
}
