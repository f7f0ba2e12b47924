import { createProgress } from '@runnel/producer-sim/cli'
import { createReadStream, statSync, type Stats } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import type { CliContext } from '../../cli-context.ts'
import { usageError } from '../../cli-error.ts'
import { fetchAnswer } from '../../connection/fetch-answer.ts'
import { toCliError } from '../../connection/problem.ts'
import type { Target } from '../../connection/target.ts'

export interface Upload {
  readonly path: string
  readonly parameters: URLSearchParams
  /** `-`: standard input. */
  readonly file: string
  readonly type: string
  /** Milliseconds that all of it may take. */
  readonly timeoutMs: number
}

/** Sends a file as it is, whatever its size, and shows how far it is. @returns the answer @throws CliError */
export async function upload(target: Target, options: Upload, context: CliContext): Promise<unknown> {
  const { path, parameters, file, type, timeoutMs } = options
  const bytes = file === '-' ? 0 : requireFile(file).size
  const source = file === '-' ? context.input : createReadStream(file)
  const progress = createProgress(context.err, file === '-' ? 'stdin' : basename(file), 'bytes', bytes)
  const headers = {
    'content-type': type,
    ...(target.key !== undefined && { authorization: `Bearer ${target.key}` }),
  }
  const request = new Request(`${target.url}${path}?${parameters.toString()}`, {
    method: 'POST',
    headers,
    body: Readable.toWeb(
      Readable.from(count(source, (sent) => progress.update(sent, bytes))),
    ) as ReadableStream,
    duplex: 'half',
  })
  try {
    const response = await fetchAnswer(request, { timeoutMs, signal: context.signal })
    const answer = JSON.parse(await response.text()) as unknown
    if (!response.ok) throw toCliError(response, answer)
    return answer
  } finally {
    progress.stop()
    source.destroy()
  }
}

/** @throws CliError where there is no such file */
export function requireFile(file: string): Stats {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats?.isFile() !== true)
    throw usageError(`${file}: expected a file that exists, or - for standard input`)
  return stats
}

async function* count(
  source: AsyncIterable<Buffer>,
  onBytes: (sent: number) => void,
): AsyncGenerator<Buffer> {
  let sent = 0
  for await (const chunk of source) {
    yield chunk
    sent += chunk.length
    onBytes(sent)
  }
}
