import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Client } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'

const CHUNK_BYTES = 64 * 1024

/** @param table with columns in brackets, where not all of them are meant @param rows in the text format of COPY */
export async function copyIn(client: Client, table: string, rows: Buffer): Promise<void> {
  await pipeline(Readable.from(chunksOf(rows)), client.query(copyFrom(`copy ${table} from stdin`)))
}

/** @returns the rows of a query in the text format of COPY */
export async function copyOut(client: Client, query: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  const stream = client.query(copyTo(`copy (${query}) to stdout`))
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(stream, 'end')
  return Buffer.concat(chunks)
}

/** Works at the same time over a connection for each part. @returns milliseconds until all are done, connecting not included */
export async function timeOnConnections<T>(
  url: string,
  parts: readonly T[],
  work: (client: Client, part: T) => Promise<void>,
): Promise<number> {
  const clients = parts.map(() => new Client({ connectionString: url }))
  await Promise.all(clients.map((client) => client.connect()))
  try {
    const start = performance.now()
    await Promise.all(clients.map((client, i) => work(client, parts[i]!)))
    return performance.now() - start
  } finally {
    await Promise.all(clients.map((client) => client.end()))
  }
}

function* chunksOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES)
}
