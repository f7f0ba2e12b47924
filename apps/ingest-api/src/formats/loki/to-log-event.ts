import { isJsonObject, readLogColumns, type JsonObject, type JsonValue } from '@runnel/contracts'
import { checkJson, readJson, setMember } from '@runnel/json'
import { isDeepStrictEqual } from 'node:util'
import { timeOfNanos } from '../shared/time-of-nanos.ts'
import { firstIndexedText } from '../shared/indexed-text.ts'
import { EXTRACTED, LEVEL_NAMES, MAX_PARSED_LINE, SERVICE_NAMES } from './column-names.ts'
import { findMessageMember } from './find-message-member.ts'
import type { PushedEntry } from './pushed-entry.ts'

/**
 * An entry as a log: labels and metadata are attributes, and so are the members of a line that is a JSON object.
 *
 * @param tenant empty where the request names none
 */
export function toLogEvent({ labels, nanos, line, metadata }: PushedEntry, tenant: string): JsonObject {
  const parsed = parseLine(line)
  const columns = parsed && readLogColumns(parsed)
  const message = columns?.message ?? line
  const level = findText(metadata, labels, LEVEL_NAMES) ?? columns?.level
  const service =
    firstIndexedText(labels, SERVICE_NAMES) ??
    findText(metadata, undefined, SERVICE_NAMES) ??
    columns?.service
  const timestamp = timeOfNanos(nanos)
  return {
    ...(timestamp !== undefined && { timestamp }),
    ...(typeof level === 'string' && { level }),
    ...(typeof service === 'string' && { service }),
    message,
    attributes: joinAttributes(labels, metadata, parsed, message, tenant),
  }
}

function findText(
  metadata: JsonObject | undefined,
  labels: JsonObject | undefined,
  names: readonly string[],
): string | undefined {
  return (metadata && firstIndexedText(metadata, names)) ?? (labels && firstIndexedText(labels, names))
}

/** @returns undefined for a line that is no JSON object, or holds what only a text can */
function parseLine(line: string): JsonObject | undefined {
  if (line.length > MAX_PARSED_LINE || !/^\s*\{/.test(line) || !/\}\s*$/.test(line)) return undefined
  try {
    const value = readJson(line)
    if (!isJsonObject(value)) return undefined
    // One level deeper than it is in the line.
    checkJson({ attributes: value }, '', line)
    return value
  } catch {
    return undefined
  }
}

function joinAttributes(
  labels: JsonObject,
  metadata: JsonObject | undefined,
  parsed: JsonObject | undefined,
  message: string,
  tenant: string,
): JsonObject {
  if (metadata === undefined && parsed === undefined && tenant === '') return labels
  const attributes: JsonObject = {}
  for (const name in labels) setMember(attributes, name, labels[name]!)
  for (const name in metadata) addAttribute(attributes, name, metadata[name]!)
  const taken = parsed && findMessageMember(parsed, message)
  for (const name in parsed) if (name !== taken) addAttribute(attributes, name, parsed[name]!)
  if (tenant !== '') addAttribute(attributes, 'tenant', tenant)
  return attributes
}

/** Of two values with one name, both are kept. */
function addAttribute(attributes: JsonObject, name: string, value: JsonValue): void {
  if (!Object.hasOwn(attributes, name)) return setMember(attributes, name, value)
  const known = attributes[name]
  if (known === value || (typeof known === 'object' && isDeepStrictEqual(known, value))) return
  addAttribute(attributes, name + EXTRACTED, value)
}
