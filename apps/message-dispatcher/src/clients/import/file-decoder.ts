import { AppError } from '@runnel/contracts'
import { isAscii } from 'node:buffer'
import { TextDecoder } from 'node:util'
import { detectCharset } from './detect-charset.ts'
import { refuseBinaries, refuseMarkup } from './recognise-file.ts'

/** Turns the bytes of a file, which arrive in pieces, into text. */
export interface FileDecoder {
  /** @throws AppError unsupported_media_type | bad_encoding where it is no text, or none that can be read */
  push(bytes: Buffer): string
  /** What was held back. */
  end(): string
  /** Once it is known: a file of ASCII alone may be in any. */
  readonly charset: string | undefined
}

/** Bytes that are looked at to recognise the kind of a file, and UTF-16 without a mark. No more: a sender may be slow. */
const HEAD_BYTES = 64

/** Bytes from the first one beyond ASCII on that are looked at to recognise the encoding. */
const SAMPLE_BYTES = 64 * 1024

/** @throws AppError invalid_field where there is no such encoding */
export function parseCharset(text: string, field: string): string {
  try {
    return new TextDecoder(text.trim().replace(/^win(?:dows)?[-_ ]?(?=\d+$)/i, 'windows-')).encoding
  } catch (cause) {
    const expected = 'utf-8, windows-1251, utf-16le or another encoding of the WHATWG standard'
    throw new AppError('invalid_field', 'There is no such encoding', { field, expected }, cause)
  }
}

/**
 * A byte order mark decides, then the encoding that was named. Without both, a file is read as ASCII up to the first byte
 * that is none; what follows, up to 64 KB, is what its encoding is recognised by. Invalid bytes become U+FFFD.
 */
export function createFileDecoder(named: string | undefined): FileDecoder {
  let charset: string | undefined
  let decoder: TextDecoder | undefined
  let held: Buffer[] = []
  let heldBytes = 0
  let isHeadRead = false

  const decode = (bytes: Buffer) => decoder!.decode(bytes, { stream: true })
  const hold = (bytes: Buffer) => {
    held.push(bytes)
    heldBytes += bytes.length
  }
  const release = (): Buffer => {
    const bytes = held.length === 1 ? held[0]! : Buffer.concat(held)
    held = []
    heldBytes = 0
    return bytes
  }
  const decide = (name: string) => {
    charset = name
    decoder = new TextDecoder(name)
  }

  const readHead = (head: Buffer): string => {
    isHeadRead = true
    refuseBinaries(head)
    const known = charsetOfMark(head) ?? named ?? (isUtf16(head) ? guessUtf16(head) : undefined)
    if (known !== undefined) decide(known)
    const text = readOn(head)
    refuseMarkup(text)
    return text
  }

  const readOn = (bytes: Buffer): string => {
    if (decoder) return decode(bytes)
    if (heldBytes === 0) {
      const at = isAscii(bytes) ? -1 : bytes.findIndex((byte) => byte >= 0x80)
      const ascii = bytes.toString('latin1', 0, at < 0 ? bytes.length : at)
      if (at >= 0) hold(bytes.subarray(at))
      return heldBytes < SAMPLE_BYTES ? ascii : ascii + readSample()
    }
    hold(bytes)
    return heldBytes < SAMPLE_BYTES ? '' : readSample()
  }

  const readSample = (): string => {
    const sample = release()
    decide(detectCharset(sample.subarray(0, SAMPLE_BYTES)))
    return decode(sample)
  }

  return {
    get charset() {
      return charset
    },
    push(bytes) {
      if (isHeadRead) return readOn(bytes)
      hold(bytes)
      return heldBytes < HEAD_BYTES ? '' : readHead(release())
    },
    end() {
      const head = isHeadRead ? '' : readHead(release())
      const sample = heldBytes > 0 ? readSample() : ''
      return head + sample + (decoder?.decode() ?? '')
    },
  }
}

function charsetOfMark(head: Buffer): string | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8'
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : undefined
}

/** In UTF-16, every second byte of separators, digits and blanks is zero, and no other one is. A single NUL may be a mistake. */
function isUtf16(head: Buffer): boolean {
  const [even, odd] = countZeros(head)
  return Math.max(even, odd) * 32 > head.length && Math.min(even, odd) === 0
}

function guessUtf16(head: Buffer): string {
  const [even, odd] = countZeros(head)
  return odd > even ? 'utf-16le' : 'utf-16be'
}

function countZeros(head: Buffer): [even: number, odd: number] {
  const counts: [number, number] = [0, 0]
  head.subarray(0, HEAD_BYTES).forEach((byte, i) => {
    if (byte === 0) counts[i % 2]!++
  })
  return counts
}
