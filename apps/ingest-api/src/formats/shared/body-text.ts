import { AppError } from '@runnel/contracts'
import { isUtf8 } from 'node:buffer'
import { withoutMark } from './byte-order-mark.ts'

/**
 * A body as text that is taken apart before its pieces are read. Where it is not UTF-8 as a whole, the text has a character for each byte:
 * what separates pieces is ASCII, and in UTF-8 no other character contains an ASCII byte, so that only those pieces are refused that are
 * not UTF-8 themselves.
 */
export class BodyText {
  /** Without a byte order mark. Its pieces are read by {@link read} or {@link tryRead}. */
  readonly text: string
  /** It is UTF-8: pieces of the text are what was sent. */
  readonly isWhole: boolean

  constructor(bytes: Buffer) {
    this.isWhole = isUtf8(bytes)
    this.text = withoutMark(bytes.toString(this.isWhole ? 'utf8' : 'latin1'), this.isWhole)
  }

  /** @throws AppError bad_encoding, of this piece alone */
  read(piece: string): string {
    const text = this.tryRead(piece)
    if (text instanceof AppError) throw text
    return text
  }

  /** @returns what was sent, or the error of this piece */
  tryRead(piece: string): string | AppError {
    return this.isWhole ? piece : decodePiece(Buffer.from(piece, 'latin1'))
  }
}

/** @returns a piece of a body as text, or the error of this piece */
export function decodePiece(bytes: Buffer): string | AppError {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  return new AppError('bad_encoding', 'The item is not valid UTF-8', { expected: 'UTF-8' })
}
