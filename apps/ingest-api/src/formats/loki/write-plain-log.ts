import { readLogColumns } from '@runnel/contracts'
import { EXTRACTED } from './column-names.ts'
import { findMessageMember } from './find-message-member.ts'
import type { LineBytes } from './line-bytes.ts'
import type { LineMembers } from './line-members.ts'
import { memberText, type StreamLabels } from './stream-labels.ts'
import { toPiece, type ByteWriter } from '../shared/byte-writer.ts'

const OBJECT_START = 0x7b
const FIRST_PRINTED = 0x21

/** First bytes of what is a blank to an expression, and no ASCII. */
const BLANK_STARTS = new Set([0xc2, 0xe1, 0xe2, 0xe3, 0xef])

const TENANT = 'tenant'

/** Names of an event's members. */
const FRAME_BYTES = 256

const BEGIN = toPiece('{"timestamp":"')
const BEHIND_TIME = toPiece('",')
const MESSAGE = toPiece('"message":')
const ATTRIBUTES = toPiece(',"attributes":{')
const TENANT_MEMBER = toPiece(`"${TENANT}":`)
const END = toPiece('}}')
const COMMA = 0x2c

/** An entry of a push. */
export interface PlainEntry {
  readonly labels: StreamLabels
  readonly line: LineBytes
  putTime(out: ByteWriter): void
  /** Writes the line as it stands in the push. */
  putLine(out: ByteWriter): void
}

/**
 * Writes the text of `toLogEvent` from the bytes of labels and line: most of what they say becomes neither text nor value.
 *
 * @param tenant JSON; empty where the request names none
 * @param members where those of a line are read into
 * @returns whether it was written; false where that is not so simple
 */
export function writePlainLog(
  entry: PlainEntry,
  tenant: string,
  members: LineMembers,
  out: ByteWriter,
): boolean {
  const { labels, line } = entry
  if (tenant !== '' && labels.values.has(TENANT)) return false
  out.reserve(sizeOf(entry, tenant))
  const first = line.content[0]!
  if (line.length > 0 && first === OBJECT_START) return writeObject(entry, tenant, members, out)
  if (line.length > 0 && (first < FIRST_PRINTED || BLANK_STARTS.has(first))) return false
  writeHead(entry, labels.pieces.level, labels.pieces.service, out)
  entry.putLine(out)
  out.put(ATTRIBUTES)
  out.put(labels.pieces.json)
  writeEnd(out, labels.pieces.json.length > 0, tenant)
  return true
}

/** At most: a line may be the message and attributes, and a name of it may get an ending. */
function sizeOf({ labels, line }: PlainEntry, tenant: string): number {
  const { json, level, service } = labels.pieces
  return (
    6 * (line.to - line.from) + json.length + level.length + service.length + 3 * tenant.length + FRAME_BYTES
  )
}

/** A line that is an object: its members are attributes. */
function writeObject(entry: PlainEntry, tenant: string, members: LineMembers, out: ByteWriter): boolean {
  const { labels, line } = entry
  if (!members.read(line) || (tenant !== '' && members.names.includes(TENANT))) return false
  const known = members.columnMembers()
  const columns = readLogColumns(known)
  const { message } = columns
  const taken = message === null ? undefined : findMessageMember(known, message)
  // The message of a line of logfmt is a part of a member.
  if (message !== null && taken === undefined) return false
  const start = out.at
  writeHead(
    entry,
    labels.level === undefined ? pieceOf('level', columns.level) : labels.pieces.level,
    labels.service === undefined ? pieceOf('service', columns.service) : labels.pieces.service,
    out,
  )
  if (taken === undefined) entry.putLine(out)
  else members.putValue(members.names.indexOf(taken), out)
  out.put(ATTRIBUTES)
  const attributes = out.at
  if (!writeAttributes(labels, members, taken, out)) {
    out.at = start
    return false
  }
  writeEnd(out, out.at > attributes, tenant)
  return true
}

/** All that stands before the message. */
function writeHead(entry: PlainEntry, level: Uint8Array, service: Uint8Array, out: ByteWriter): void {
  out.put(BEGIN)
  entry.putTime(out)
  out.put(BEHIND_TIME)
  out.put(level)
  out.put(service)
  out.put(MESSAGE)
}

function pieceOf(name: 'level' | 'service', value: string | null): Uint8Array {
  return value === null ? NOTHING : toPiece(memberText(name, value))
}

const NOTHING = toPiece('')

function writeEnd(out: ByteWriter, hasAttributes: boolean, tenant: string): void {
  if (tenant !== '') {
    if (hasAttributes) out.putByte(COMMA)
    out.put(TENANT_MEMBER)
    out.putText(tenant)
  }
  out.put(END)
}

/** @returns false where a name might have to be changed twice */
function writeAttributes(
  labels: StreamLabels,
  members: LineMembers,
  taken: string | undefined,
  out: ByteWriter,
): boolean {
  const { names } = members
  const start = out.at
  out.put(labels.pieces.json)
  let from = 0
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!
    if (name.endsWith(EXTRACTED)) return false
    const label = labels.values.get(name)
    if (label === undefined && name !== taken) continue
    if (i > from) {
      if (out.at > start) out.putByte(COMMA)
      members.putMembers(from, i - 1, out)
    }
    from = i + 1
    if (name === taken || members.hasValue(i, label!)) continue
    if (labels.values.has(name + EXTRACTED)) return false
    if (out.at > start) out.putByte(COMMA)
    out.putText(`"${name}${EXTRACTED}":`)
    members.putValue(i, out)
  }
  if (from < names.length) {
    if (out.at > start) out.putByte(COMMA)
    members.putMembers(from, names.length - 1, out)
  }
  return true
}
