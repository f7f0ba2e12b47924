import { AppError, type Kind } from '@runnel/contracts'
import type { DecodedBody, DecodeRejection, WireFormat } from '../../src/wire-format.ts'

/** Records of a kind, a length and JSON text: one byte, four bytes, the rest. An unknown kind costs only its record. */
export interface TrialRecord {
  readonly kind: 'm' | 'l' | 'd' | '?'
  readonly text: string
}

export interface TrialAnswer {
  /** `+` for success, `-` for an error. */
  readonly sign: string
  readonly accepted: number
  /** Numbers of the records that are not stored; of an error, of those that are. */
  readonly indexes: readonly number[]
  /** Ids of the events, or the code of the error. */
  readonly text: string
}

export const TRIAL_TYPE = 'application/x-trial'

const KIND_OF: ReadonlyMap<string, Kind> = new Map([
  ['m', 'metrics'],
  ['l', 'logs'],
  /** The deletion of a product. */
  ['d', 'products'],
])

/** What an inverted body begins with whose sender does not say so: it is no kind of a record. */
const INVERTED_MARK = 0xff

interface Context {
  readonly records: number
}

/** Everything that a protocol may want for itself: kinds in one body, encoding, answers, errors, a handshake. */
export const trialFormat: WireFormat<Context> = {
  name: 'trial',
  mediaTypes: [TRIAL_TYPE],
  encodings: new Map([
    ['inverted', (bytes: Buffer) => invert(bytes)],
    ['marked', (bytes: Buffer) => invert(bytes.subarray(1))],
  ]),
  encodingOf: (bytes) => (bytes[0] === INVERTED_MARK ? 'marked' : undefined),
  answersEmpty: true,
  namesEvents: true,
  routes: [
    {
      url: '/trial/records',
      access: ['metrics:write', 'logs:write', 'products:write'],
      schema: {
        summary: 'Metrics, logs and deletions in length-prefixed records',
        tags: ['trial'],
        consumes: [TRIAL_TYPE],
        body: {},
      } as WireFormat['routes'][number]['schema'],
      decode: (bytes) => decodeRecords(bytes),
    },
  ],
  handshakes: [
    {
      method: 'GET',
      url: '/trial/version',
      summary: 'The version of the protocol',
      access: 'signed-in',
      answer: () => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: 'trial/1' }),
    },
    {
      method: 'POST',
      url: '/trial/version',
      summary: 'Whether a version of the protocol is spoken',
      access: 'signed-in',
      answer: (_, body) => {
        if (body.toString() !== 'trial/1') throw new AppError('bad_request', 'The version is unknown')
        return { status: 204, headers: {}, body: undefined }
      },
    },
  ],
  answer: ({ accepted, rejected }, { events }) => ({
    status: 200,
    headers: { 'content-type': TRIAL_TYPE },
    body: encodeAnswer({
      sign: '+',
      accepted,
      indexes: rejected.map(({ index }) => index),
      text: events.map(({ id }) => id).join(' '),
    }),
  }),
  answerError: ({ error, status, request, context }) => ({
    // Clients of this protocol drop their data on 429.
    status: status === 429 ? 503 : status,
    headers: {
      'content-type': TRIAL_TYPE,
      'x-trial-url': request.url,
    },
    body: encodeAnswer({
      sign: '-',
      accepted: context?.records ?? 0,
      indexes: (error.details.extra?.['accepted'] as number[] | undefined) ?? [],
      text: error.code,
    }),
  }),
}

function decodeRecords(bytes: Buffer): DecodedBody<Context> {
  const kinds: Kind[] = []
  const operations: ('delete' | undefined)[] = []
  const texts: string[] = []
  const indexes: number[] = []
  const rejected: DecodeRejection[] = []
  let index = 0
  for (let at = 0; at < bytes.length; index++) {
    const end = at + 5 + (at + 5 <= bytes.length ? bytes.readUInt32BE(at + 1) : 0)
    if (at + 5 > bytes.length || end > bytes.length) throw new AppError('bad_request', 'A record has no end')
    const kind = KIND_OF.get(String.fromCharCode(bytes[at]!))
    if (kind === undefined) {
      rejected.push({ kind: 'logs', index, code: 'invalid_field', message: 'The kind is unknown' })
    } else {
      kinds.push(kind)
      operations.push(kind === 'products' ? 'delete' : undefined)
      texts.push(bytes.toString('utf8', at + 5, end))
      indexes.push(index)
    }
    at = end
  }
  return { form: 'records', kinds, operations, texts, indexes, rejected, context: { records: index } }
}

export function invert(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => ~byte))
}

/** As a sender does that says nothing about it. */
export function invertMarked(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([INVERTED_MARK]), invert(bytes)])
}

export function encodeRecords(records: readonly TrialRecord[]): Buffer {
  return Buffer.concat(
    records.map(({ kind, text }) => {
      const head = Buffer.from(`${kind}0000`)
      head.writeUInt32BE(Buffer.byteLength(text), 1)
      return Buffer.concat([head, Buffer.from(text)])
    }),
  )
}

function encodeAnswer({ sign, accepted, indexes, text }: TrialAnswer): Buffer {
  const numbers = Buffer.alloc(8 + 4 * indexes.length)
  ;[accepted, indexes.length, ...indexes].forEach((number, i) => numbers.writeUInt32BE(number, 4 * i))
  return Buffer.concat([Buffer.from(sign), numbers, Buffer.from(text)])
}

export function decodeAnswer(bytes: Buffer): TrialAnswer {
  const count = bytes.readUInt32BE(5)
  return {
    sign: String.fromCharCode(bytes[0]!),
    accepted: bytes.readUInt32BE(1),
    indexes: Array.from({ length: count }, (_, i) => bytes.readUInt32BE(9 + 4 * i)),
    text: bytes.toString('utf8', 9 + 4 * count),
  }
}
