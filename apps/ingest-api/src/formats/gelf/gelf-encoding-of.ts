const GZIP_MAGIC = 0x1f8b
/** What zlib begins with: deflate, and a window of up to 32 KiB; as a number, its first two bytes are a multiple of 31. */
const ZLIB_MASK = 0x8f
const ZLIB_FIRST = 0x08

/** The compression of a message of GELF by what it begins with, for nothing else says it. @returns undefined for a plain one */
export function gelfEncodingOf(bytes: Buffer): 'gzip' | 'deflate' | undefined {
  if (bytes.length < 2) return undefined
  const magic = bytes.readUInt16BE()
  if (magic === GZIP_MAGIC) return 'gzip'
  return (bytes[0]! & ZLIB_MASK) === ZLIB_FIRST && magic % 31 === 0 ? 'deflate' : undefined
}
