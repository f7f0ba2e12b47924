import { createFileDecoder, parseCharset } from './file-decoder.ts'
import { formatOfText, formatOfType, parseContentType, type Format } from './file-formats.ts'
import { readForm } from './read-form.ts'

/** A file that arrives, as text. */
export interface OpenedFile {
  readonly format: Format
  /** The encoding, once it is known; undefined of a file of ASCII alone. */
  readonly charset: string | undefined
  /** What a form calls it. */
  readonly name: string | undefined
  /** Empty pieces among them show that bytes came. */
  readonly text: AsyncIterable<string>
  /** Ends the reading of the bytes. */
  close(): Promise<void>
}

/** Of the blanks at the beginning of a file, what is read before its format is taken to be CSV. */
const MAX_HEAD_CHARACTERS = 64 * 1024

export interface FileHints {
  /** Header of the request. */
  readonly contentType: string | undefined
  /** Encoding that the sender names beside it. */
  readonly charset: string | undefined
}

/**
 * Reads the beginning of a file, until its format is known.
 *
 * @throws AppError unsupported_media_type | bad_encoding | invalid_field, and what reading the bytes throws
 */
export async function openFile(bytes: AsyncGenerator<Buffer>, hints: FileHints): Promise<OpenedFile> {
  const { type, charset } = parseContentType(hints.contentType)
  const form = type === 'multipart/form-data' ? readForm(bytes, hints.contentType!) : undefined
  const named = parseNamed(hints.charset, form ? undefined : charset)
  let format = form ? undefined : formatOfType(type)
  const decoder = createFileDecoder(named)
  const source = form?.bytes ?? bytes
  const close = async () => {
    await source.return(undefined)
    await bytes.return(undefined)
  }
  try {
    const pieces = decode(source, decoder)
    let head = ''
    let isOver = false
    while (head.length < MAX_HEAD_CHARACTERS && head.trim() === '' && !isOver) {
      const next = await pieces.next()
      isOver = next.done === true
      if (!next.done) head += next.value
    }
    if (form) format = formatOfType(form.type ?? '')
    return {
      format: format === 'csv' ? format : formatOfText(head, format),
      get charset() {
        return decoder.charset
      },
      name: form?.name,
      text: prepend(head, pieces),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function parseNamed(parameter: string | undefined, header: string | undefined): string | undefined {
  if (parameter !== undefined) return parseCharset(parameter, 'charset')
  return header === undefined ? undefined : parseCharset(header, 'content-type')
}

async function* decode(
  source: AsyncGenerator<Buffer>,
  decoder: ReturnType<typeof createFileDecoder>,
): AsyncGenerator<string> {
  for await (const bytes of source) yield decoder.push(bytes)
  yield decoder.end()
}

async function* prepend(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield head
  yield* rest
}
