import { AppError } from '@runnel/contracts'

const NEWLINE = 0x0a
const EQUALS = 0x3d
const LENGTH_BYTES = 8

/** Of one entry: values by their names, in order. A name may come several times. */
export type JournalEntry = readonly (readonly [name: string, value: Buffer])[]

/** Names as the journal has them; other programs write small letters too. */
const NAME = /^[A-Za-z0-9_]+$/
const MAX_NAME_BYTES = 64

/** The journal itself has no entries with more. */
const MAX_FIELDS = 1024

/**
 * The entries of the journal's export format, one by one: `NAME=text` on a line, or `NAME`, eight bytes of length and as many of
 * data. Empty lines separate entries. A malformed line costs its entry; behind a name whose length is wrong nothing can be read.
 *
 * @returns undefined as a pause in an entry that is too long
 */
export function* readEntries(bytes: Buffer): Generator<JournalEntry | AppError | undefined> {
  for (let at = skipNewlines(bytes, 0); at < bytes.length; at = skipNewlines(bytes, at)) {
    const fields: [string, Buffer][] = []
    let problem: AppError | undefined
    for (let count = 1; at < bytes.length && bytes[at] !== NEWLINE; count++) {
      const { field, end } = readField(bytes, at)
      if (field === undefined) problem ??= malformed('it is malformed')
      else if (count > MAX_FIELDS) problem ??= malformed('it has too many fields')
      else fields.push(field)
      if (count % MAX_FIELDS === 0) yield undefined
      at = end
    }
    yield problem ?? fields
  }
}

interface ReadField {
  /** Undefined where it is malformed. */
  readonly field: [name: string, value: Buffer] | undefined
  /** Where the next one begins. */
  readonly end: number
}

function readField(bytes: Buffer, start: number): ReadField {
  const newline = endOfLine(bytes, start)
  const equals = bytes.subarray(start, newline).indexOf(EQUALS)
  if (equals >= 0) {
    const value = bytes.subarray(start + equals + 1, newline)
    return { field: named(bytes, start, start + equals, value), end: newline + 1 }
  }
  const from = newline + 1 + LENGTH_BYTES
  const length = from <= bytes.length ? Number(bytes.readBigUInt64LE(newline + 1)) : Infinity
  const end = from + length
  // Behind the data there is a newline; only at the end of the body it may be missing.
  if (end !== bytes.length && bytes[end] !== NEWLINE) {
    // A line that is no name has no length behind it either: the next line may be read.
    return { field: undefined, end: isName(bytes, start, newline) ? bytes.length : newline + 1 }
  }
  return { field: named(bytes, start, newline, bytes.subarray(from, end)), end: end + 1 }
}

function named(bytes: Buffer, start: number, end: number, value: Buffer): ReadField['field'] {
  return isName(bytes, start, end) ? [bytes.toString('latin1', start, end), value] : undefined
}

function isName(bytes: Buffer, start: number, end: number): boolean {
  return end - start <= MAX_NAME_BYTES && NAME.test(bytes.toString('latin1', start, end))
}

function endOfLine(bytes: Buffer, start: number): number {
  const newline = bytes.indexOf(NEWLINE, start)
  return newline < 0 ? bytes.length : newline
}

function skipNewlines(bytes: Buffer, start: number): number {
  let at = start
  while (bytes[at] === NEWLINE) at++
  return at
}

function malformed(why: string): AppError {
  return new AppError('bad_request', `The entry of the journal cannot be read: ${why}`, {
    expected: `up to ${MAX_FIELDS} fields: NAME=text, or NAME, eight bytes of length and the data`,
  })
}
