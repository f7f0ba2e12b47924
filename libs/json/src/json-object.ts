import type { JsonObject, JsonValue } from '@runnel/contracts'

const DEFINED = { configurable: true, enumerable: true, writable: true }

/** Gives an object a member of its own, whatever its name is: `__proto__` can be defined and not be assigned. */
export function setMember(object: JsonObject, name: string, value: JsonValue): void {
  if (name === '__proto__') Object.defineProperty(object, name, { ...DEFINED, value })
  else object[name] = value
}

/**
 * A shallow copy without some members. One by one, because a rest pattern takes twice as long for an object that has a
 * hundred thousand, and longer for one with few as well.
 */
export function omitMembers(object: JsonObject, names: ReadonlySet<string>): JsonObject {
  const copy: JsonObject = {}
  for (const name in object) if (!names.has(name)) setMember(copy, name, object[name]!)
  return copy
}
