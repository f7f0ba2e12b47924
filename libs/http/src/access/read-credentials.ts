import type { IncomingHttpHeaders } from 'node:http'

/** Headers that hold a key alone, as clients of several protocols send it. */
const KEY_HEADERS = ['x-api-key', 'api-key', 'dd-api-key'] as const

/** What a request brings. */
export interface Credentials {
  /** That may be a key. */
  readonly text: string
  /** Whether it is that of `Authorization`. */
  readonly isAuthorization: boolean
  /** Whether its header came more than once: which of them a proxy in front has judged is not known. */
  readonly isRepeated: boolean
}

/** Longer texts are no keys. */
const MAX_CHARACTERS = 1024

/**
 * Reads an API key from wherever a protocol puts it: `Authorization: Bearer | Splunk | Token KEY`, the password of `Basic`
 * (whose user does not matter), `ApiKey` with the key or with `id:key` in Base64, `X-Api-Key`, `api-key` or `DD-API-KEY`.
 *
 * Where several are given, the first one that looks like a key of Runnel counts: a proxy may use another for itself.
 *
 * @returns undefined where the request has no credentials
 */
export function readCredentials(headers: IncomingHttpHeaders): Credentials | undefined {
  const { authorization } = headers
  const first = readAuthorization(authorization)
  if (first !== undefined && looksLikeKey(first)) return ofAuthorization(first, authorization!)
  let other: Credentials | undefined
  for (const name of KEY_HEADERS) {
    const text = headers[name]
    if (typeof text !== 'string' || text === '') continue
    const credentials = { text: cut(text), isAuthorization: false, isRepeated: isList(text) }
    if (looksLikeKey(text)) return credentials
    other ??= credentials
  }
  return first === undefined ? other : ofAuthorization(cut(first), authorization!)
}

function ofAuthorization(text: string, header: string): Credentials {
  return { text, isAuthorization: true, isRepeated: isList(header) }
}

/** The server joins headers of one name with commas, which neither keys nor the schemes that hold them contain. */
function isList(header: string): boolean {
  return header.includes(',')
}

function cut(text: string): string {
  return text.slice(0, MAX_CHARACTERS)
}

function looksLikeKey(text: string): boolean {
  return text.length < MAX_CHARACTERS && text.startsWith('rnl_')
}

function readAuthorization(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  // As almost every client writes it: the rest costs twice as much.
  if (header.startsWith('Bearer rnl_')) return header.slice('Bearer '.length)
  const blank = header.indexOf(' ')
  const credentials = blank < 0 ? '' : header.slice(blank + 1).trim()
  switch (header.slice(0, blank).toLowerCase()) {
    case 'bearer':
    case 'splunk':
    case 'token':
      return credentials
    case 'basic':
      return passwordOf(credentials)
    case 'apikey':
      return looksLikeKey(credentials) ? credentials : passwordOf(credentials)
  }
  return undefined
}

/** @returns what stands behind the first colon; empty where there is none */
function passwordOf(base64: string): string {
  if (base64.length > 2 * MAX_CHARACTERS) return ''
  const text = Buffer.from(base64, 'base64').toString('latin1')
  const colon = text.indexOf(':')
  return colon < 0 ? '' : text.slice(colon + 1)
}
