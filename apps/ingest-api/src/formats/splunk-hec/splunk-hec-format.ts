import type { JsonObject } from '@runnel/contracts'
import type { FastifySchema } from 'fastify'
import { Type } from 'typebox'
import type { DecodeLimits, WireFormat, WireRequest, WireRoute } from '../../wire-format.ts'
import { describeProtocol } from '../shared/describe-protocol.ts'
import { mapRecords, readRecord } from '../shared/map-records.ts'
import { readLines } from '../shared/read-lines.ts'
import { answerEvents, answerFailure, type HecContext } from './hec-answers.ts'
import { channelOf, hecHandshakes } from './hec-handshakes.ts'
import { mapHecEvent, mapHecLine } from './map-hec-event.ts'
import { splitObjects } from './split-objects.ts'

const EVENT_URLS = ['/services/collector', '/services/collector/event', '/services/collector/event/1.0']
const RAW_URLS = ['/services/collector/raw', '/services/collector/raw/1.0']

const AnswerSchema = Type.Object({
  text: Type.String(),
  code: Type.Integer({ description: 'Of the protocol; 0 for success' }),
  'invalid-event-number': Type.Optional(Type.Integer({ description: 'The first event that was refused' })),
  ackId: Type.Optional(Type.Integer({ description: 'Where the request had a channel' })),
  detail: Type.Optional(Type.String()),
})

/** Splunk's HTTP Event Collector: JSON objects one behind the other, and raw lines. */
export const splunkHec: WireFormat<HecContext> = {
  name: 'splunk-hec',
  // Clients send JSON under the type of forms.
  mediaTypes: ['*'],
  routes: [
    ...EVENT_URLS.map((url): WireRoute<HecContext> => ({
      url,
      access: ['logs:write', 'metrics:write'],
      schema: describe('Events and metrics of the HTTP Event Collector, one behind the other'),
      decode: decodeEvents,
    })),
    ...RAW_URLS.map((url): WireRoute<HecContext> => ({
      url,
      access: 'logs:write',
      schema: describe('Lines of text, each of which is a log'),
      decode: decodeLines,
    })),
  ],
  handshakes: hecHandshakes,
  answer: (outcome, { context }) => answerEvents(outcome, context),
  answerError: answerFailure,
}

function describe(summary: string): FastifySchema {
  return describeProtocol({
    tag: 'splunk-hec',
    summary,
    consumes: ['application/json'],
    parameters: {
      channel: 'Of acknowledgements: the answer has an ackId; also as the header X-Splunk-Request-Channel',
      host: 'Of events that do not say it',
      source: 'Of events that do not say it: the service',
      sourcetype: 'Of events that do not say it',
      index: 'Of events that do not say it',
    },
    response: { 200: AnswerSchema },
    errors: AnswerSchema,
    failures: [400, 401, 403, 413, 415, 503],
  })
}

function decodeEvents(bytes: Buffer, request: WireRequest, limits: DecodeLimits) {
  const query = request.query as JsonObject
  return mapRecords(splitObjects(bytes, limits.maxItems), {
    map: (text) => mapHecEvent(readRecord(text, limits), query),
    kind: 'logs',
    limits,
    context: contextOf(request),
  })
}

function decodeLines(bytes: Buffer, request: WireRequest, limits: DecodeLimits) {
  const query = request.query as JsonObject
  return mapRecords(readLines(bytes), {
    map: (line) => mapHecLine(line, query),
    kind: 'logs',
    limits,
    context: contextOf(request),
  })
}

function contextOf(request: WireRequest): HecContext {
  return { hasChannel: channelOf(request) !== undefined }
}
