import { readLogColumns } from '@runnel/contracts'
import { EXTRACTED } from './column-names.ts'
import { findMessageMember } from './find-message-member.ts'
import type { LineBytes } from './line-bytes.ts'
import type { LineMembers } from './line-members.ts'
import type { StreamLabels } from './stream-labels.ts'

const OBJECT_START = 0x7b
const FIRST_PRINTED = 0x21

/** First bytes of what is a blank to an expression, and no ASCII. */
const BLANK_STARTS = new Set([0xc2, 0xe1, 0xe2, 0xe3, 0xef])

const TENANT = 'tenant'

/** An entry of a push. */
export interface PlainEntry {
  readonly labels: StreamLabels
  readonly timestamp: string
  readonly line: LineBytes
  /** The line as it stands in the push. */
  lineJson(): string
}

/**
 * The text of `toLogEvent`, written from the texts of labels and line: most of what they say becomes no value.
 *
 * @param tenant JSON; empty where the request names none
 * @param members where those of a line are read into
 * @returns undefined where that is not so simple
 */
export function writePlainLog(entry: PlainEntry, tenant: string, members: LineMembers): string | undefined {
  const { labels, line } = entry
  if (tenant !== '' && labels.values.has(TENANT)) return undefined
  const first = line.content[0]!
  if (line.length > 0 && first === OBJECT_START) return writeObject(entry, tenant, members)
  if (line.length > 0 && (first < FIRST_PRINTED || BLANK_STARTS.has(first))) return undefined
  return writeLog(entry, tenant, labels.level, labels.service, entry.lineJson(), labels.json)
}

/** A line that is an object: its members are attributes. */
function writeObject(entry: PlainEntry, tenant: string, members: LineMembers): string | undefined {
  const { labels, line } = entry
  if (!members.read(line) || (tenant !== '' && members.names.includes(TENANT))) return undefined
  const known = members.columnMembers()
  const columns = readLogColumns(known)
  const { message } = columns
  const taken = message === null ? undefined : findMessageMember(known, message)
  // The message of a line of logfmt is a part of a member.
  if (message !== null && taken === undefined) return undefined
  const attributes = writeAttributes(labels, members, taken)
  if (attributes === undefined) return undefined
  return writeLog(
    entry,
    tenant,
    labels.level ?? (columns.level === null ? undefined : JSON.stringify(columns.level)),
    labels.service ?? (columns.service === null ? undefined : JSON.stringify(columns.service)),
    taken === undefined ? entry.lineJson() : members.value(members.names.indexOf(taken)),
    attributes,
  )
}

/** @returns undefined where a name might have to be changed twice */
function writeAttributes(
  labels: StreamLabels,
  members: LineMembers,
  taken: string | undefined,
): string | undefined {
  const { names } = members
  let text = labels.json
  let from = 0
  const add = (piece: string) => {
    text += text === '' ? piece : `,${piece}`
  }
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!
    if (name.endsWith(EXTRACTED)) return undefined
    const label = labels.values.get(name)
    if (label === undefined && name !== taken) continue
    if (i > from) add(members.members(from, i - 1))
    from = i + 1
    if (name === taken || label === members.value(i)) continue
    if (labels.values.has(name + EXTRACTED)) return undefined
    add(`"${name}${EXTRACTED}":${members.value(i)}`)
  }
  if (from < names.length) add(members.members(from, names.length - 1))
  return text
}

function writeLog(
  { timestamp }: PlainEntry,
  tenant: string,
  level: string | undefined,
  service: string | undefined,
  message: string,
  attributes: string,
): string {
  const ofLevel = level === undefined ? '' : `"level":${level},`
  const ofService = service === undefined ? '' : `"service":${service},`
  const comma = attributes === '' || tenant === '' ? '' : ','
  const ofTenant = tenant === '' ? '' : `${comma}"${TENANT}":${tenant}`
  return `{"timestamp":"${timestamp}",${ofLevel}${ofService}"message":${message},"attributes":{${attributes}${ofTenant}}}`
}
