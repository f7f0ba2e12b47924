import type { Release } from '@runnel/http'
import type { SizedPage } from '@runnel/repositories-database'
import type { FastifyReply } from 'fastify'
import { Readable } from 'node:stream'

/** A file that is written page by page. */
export interface PagedFile<T> {
  /** Without its extension. */
  readonly name: string
  readonly extension: string
  readonly contentType: string
  readonly head: string
  line(item: T): string
  /** @param after the last item of the page before */
  read(after: T | undefined): Promise<SizedPage<T>>
}

/**
 * Sends everything that a list has as a file; a page is read once the reader has taken the one before. Where the database fails on
 * the way, the connection is cut, so that a part is not taken for the whole.
 *
 * @param release is called once the file has been sent, or cannot be
 * @throws what reading the first page throws, as an answer of its own
 */
export async function sendPages<T>(reply: unknown, file: PagedFile<T>, release: Release): Promise<never> {
  const first = await file.read(undefined).catch((error: unknown) => {
    release()
    throw error
  })
  const answer = reply as FastifyReply
  void answer.headers({
    'cache-control': 'no-store',
    'content-type': file.contentType,
    'content-disposition': `attachment; filename="${file.name}.${file.extension}"`,
  })
  const pages = Readable.from(writePages(file, first), { objectMode: false }).once('close', release)
  return answer.send(pages) as never
}

async function* writePages<T>(
  { head, line, read }: PagedFile<T>,
  first: SizedPage<T>,
): AsyncGenerator<string> {
  if (head !== '') yield head
  for (let page = first; ;) {
    if (page.items.length > 0) yield page.items.map(line).join('')
    const last = page.items.at(-1)
    if (!page.more || last === undefined) return
    page = await read(last)
  }
}
