import { isJsonObject, type JsonObject, type JsonValue } from './json-value.ts'

/**
 * An object after a change by RFC 7396, the one rule for every PATCH and at every depth: members that are not named stay, null
 * removes one, an object is merged with the one that is there, and anything else, lists too, takes the place of what was there.
 */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map<string, JsonValue>(Object.entries(target))
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name)
    else merged.set(name, mergeMember(merged.get(name), value))
  }
  // Members with names such as __proto__ are members like any other.
  return Object.fromEntries(merged)
}

function mergeMember(former: JsonValue | undefined, value: JsonValue): JsonValue {
  return isJsonObject(value) ? mergePatch(isJsonObject(former) ? former : {}, value) : value
}
