import { createHash } from 'node:crypto'
import { FRESH_MS } from './cache-limits.ts'

/** What a loader found: bytes that are ready to be sent, or null where there is nothing. */
export interface Loaded {
  readonly body: Buffer | null
  /**
   * Clock of the database in milliseconds, read before the snapshot that the body was taken from (in Postgres: now(),
   * the start of the transaction). A change notice carries the same clock after its commit, so that a body whose
   * version is not above the notice's may lack the change.
   */
  readonly version: number
  /** A short text that travels with the body, e.g. the address of the next page. */
  readonly meta?: string
  /** Milliseconds that it may be served as it is. At most, and by default, FRESH_MS; less where no notice tells of changes. */
  readonly lifetimeMs?: number
}

/** Serialized bytes with what is needed to serve and to judge them. */
export interface Entry {
  readonly body: Buffer | null
  readonly version: number
  readonly meta: string
  readonly lifetimeMs: number
  /** Strong HTTP entity tag of the body, quotes included. */
  readonly etag: string
}

const VERSION_DIGITS = 16
const ETAG_CHARS = 24
const LIFETIME_DIGITS = 5
const META_DIGITS = 4
const HEAD_BYTES = VERSION_DIGITS + ETAG_CHARS + LIFETIME_DIGITS + META_DIGITS

/** Longest `meta`, in bytes. */
const MAX_META_BYTES = 9999

/** @throws RangeError when meta is too long */
export function toEntry({ body, version, meta = '', lifetimeMs = FRESH_MS }: Loaded): Entry {
  if (Buffer.byteLength(meta) > MAX_META_BYTES) throw new RangeError('meta is too long')
  return {
    body,
    version: Math.max(0, Math.floor(version)),
    meta,
    lifetimeMs: Math.min(Math.max(0, Math.floor(lifetimeMs)), FRESH_MS),
    etag: body === null ? '""' : etagOf(body),
  }
}

function etagOf(body: Buffer): string {
  return `"${createHash('sha256')
    .update(body)
    .digest('base64url')
    .slice(0, ETAG_CHARS - 2)}"`
}

/**
 * An entry as Redis keeps it: 16 digits of version (the scripts compare them), the entity tag, the lifetime, the length
 * of meta, meta, body. A change of this raises FORMAT in cache-keys.ts.
 */
export function encodeEntry(entry: Entry & { body: Buffer }): Buffer {
  const meta = Buffer.from(entry.meta)
  const version = String(entry.version).padStart(VERSION_DIGITS, '0')
  const lifetime = String(entry.lifetimeMs).padStart(LIFETIME_DIGITS, '0')
  const head = `${version}${entry.etag}${lifetime}${String(meta.length).padStart(META_DIGITS, '0')}`
  return Buffer.concat([Buffer.from(head, 'latin1'), meta, entry.body])
}

/** @returns undefined for bytes that are no entry: other programs may write to the same Redis */
export function decodeEntry(bytes: Buffer): Entry | undefined {
  const head = bytes.toString('latin1', 0, HEAD_BYTES)
  const match = /^(\d{16})("[\w-]{22}")(\d{5})(\d{4})$/.exec(head)
  if (!match) return undefined
  const bodyAt = HEAD_BYTES + Number(match[4])
  if (bodyAt > bytes.length) return undefined
  return {
    version: Number(match[1]),
    etag: match[2]!,
    lifetimeMs: Math.min(Number(match[3]), FRESH_MS),
    meta: bytes.toString('utf8', HEAD_BYTES, bodyAt),
    body: bytes.subarray(bodyAt),
  }
}
