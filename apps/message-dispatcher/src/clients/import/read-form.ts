import { Busboy, type BusboyInstance } from '@fastify/busboy'
import { AppError } from '@runnel/contracts'
import { once } from 'node:events'

/** The file of a form (multipart/form-data). */
export interface FormFile {
  readonly bytes: AsyncGenerator<Buffer>
  /** Media type that the form gives it, once its first bytes were read. */
  readonly type: string | undefined
  /** The name that the form gives it, likewise. */
  readonly name: string | undefined
}

/** What a form says about its file. */
interface Described {
  type?: string
  name?: string
}

/** Characters of a name that are kept. */
const MAX_NAME_LENGTH = 255

const LIMITS = { files: 1, fields: 0, parts: 2, headerPairs: 20, headerSize: 8 * 1024 }

/**
 * Takes the one file out of a form as it arrives.
 *
 * @param contentType of the request, with the boundary
 * @throws AppError bad_request | missing_field | invalid_field, while the bytes are read
 */
export function readForm(chunks: AsyncIterable<Buffer>, contentType: string): FormFile {
  const described: Described = {}
  return {
    get type() {
      return described.type
    },
    get name() {
      return described.name
    },
    bytes: readFile(chunks, contentType, described),
  }
}

async function* readFile(
  chunks: AsyncIterable<Buffer>,
  contentType: string,
  described: Described,
): AsyncGenerator<Buffer> {
  const form = createForm(contentType)
  let problem: AppError | undefined
  let files = 0
  let read: Buffer[] = []
  const fail = (error: AppError) => (problem ??= error)
  form.on('error', (cause) => fail(malformed(cause)))
  for (const limit of ['fieldsLimit', 'filesLimit', 'partsLimit'] as const) {
    form.on(limit, () => fail(limit === 'fieldsLimit' ? fieldRefused() : oneFileOnly()))
  }
  form.on('file', (_name, file, name, _encoding, type) => {
    files++
    Object.assign(described, { type, name: name.slice(0, MAX_NAME_LENGTH) })
    file.on('data', (bytes: Buffer) => read.push(bytes))
    file.on('error', (cause) => fail(malformed(cause)))
  })
  const take = () => {
    if (problem) throw problem
    const bytes = read
    read = []
    return bytes
  }
  try {
    for await (const chunk of chunks) {
      await write(form, chunk, () => problem)
      yield* take()
    }
    form.end()
    await finished(form, () => problem)
    yield* take()
    if (files === 0)
      throw new AppError('missing_field', 'The form has no file', { expected: 'one part with a file name' })
  } finally {
    form
      .removeAllListeners('error')
      .on('error', () => undefined)
      .destroy()
  }
}

function createForm(contentType: string) {
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits: LIMITS })
  } catch (cause) {
    throw malformed(cause)
  }
}

/** Resolves once the form takes more; or once it has a problem, after which it may take nothing. */
function write(form: BusboyInstance, chunk: Buffer, problem: () => AppError | undefined): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      form.off('error', settle)
      resolve()
    }
    form.once('error', settle)
    if (problem()) settle()
    else form.write(chunk, settle)
  })
}

async function finished(form: BusboyInstance, problem: () => AppError | undefined): Promise<void> {
  if (!problem()) await once(form, 'finish').catch(() => undefined)
}

function malformed(cause: unknown): AppError {
  return new AppError(
    'bad_request',
    'The form is malformed, or ended too early',
    { expected: 'multipart/form-data' },
    cause,
  )
}

function fieldRefused(): AppError {
  return new AppError('invalid_field', 'The form has a field beside the file', {
    expected: 'one file alone: timeZone, country, charset and column are parameters of the address',
  })
}

function oneFileOnly(): AppError {
  return new AppError('invalid_field', 'The form has several files', { expected: 'one file for each import' })
}
