import { AcceptedEventsSchema } from '@runnel/contracts/api/accepted-events'
import { decodeUtf8 } from '@runnel/json'
import type { DecodedBody, DecodeLimits, WireFormat } from '../../wire-format.ts'
import { holdsLines } from '../holds-lines.ts'
import { answerBatch } from '../json-formats.ts'
import { describeProtocol } from '../shared/describe-protocol.ts'
import { mapRecords, mapSingle, readRecord, type MappedEvent } from '../shared/map-records.ts'
import { readLines } from '../shared/read-lines.ts'
import { gelfEncodingOf } from './gelf-encoding-of.ts'
import { mapGelf } from './map-gelf.ts'
import { withoutFinalNul } from './without-final-nul.ts'

/** GELF over HTTP: one message, or one a line. */
export const gelf: WireFormat<undefined> = {
  name: 'gelf',
  mediaTypes: ['*'],
  // Some clients compress as they do for UDP, without a header.
  encodingOf: gelfEncodingOf,
  routes: [
    {
      url: '/gelf',
      access: 'logs:write',
      schema: describeProtocol({
        tag: 'gelf',
        summary: 'A message of GELF, or one a line',
        description: 'Bodies may be compressed with gzip or zlib, also without a content-encoding.',
        consumes: ['application/json'],
        response: { 202: AcceptedEventsSchema },
        failures: [400, 413, 415, 422, 429, 503],
      }),
      decode: decodeGelf,
    },
  ],
  /** An empty body, as clients expect it; where lines were refused, they are named. */
  answer: (outcome) =>
    outcome.rejected.length === 0 ? { status: 202, headers: {}, body: undefined } : answerBatch(outcome),
}

function decodeGelf(
  body: Buffer,
  _request: unknown,
  limits: DecodeLimits,
): DecodedBody<undefined> | Promise<DecodedBody<undefined>> {
  const bytes = withoutFinalNul(body)
  const map = (text: string): MappedEvent => ({ kind: 'logs', item: mapGelf(readRecord(text, limits)) })
  if (!holdsLines(bytes)) return mapSingle('logs', undefined, () => map(decodeUtf8(bytes)))
  return mapRecords(readLines(bytes), {
    map: (line) => [map(line)],
    kind: 'logs',
    limits,
    context: undefined,
  })
}
