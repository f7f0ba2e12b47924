import { AppError, type Kind } from '@runnel/contracts'
import { AcceptedEventsSchema } from '@runnel/contracts/api/accepted-events'
import { decodeUtf8 } from '@runnel/json'
import type {
  DecodedBody,
  DecodeLimits,
  WireAnswer,
  WireFormat,
  WireOutcome,
  WireRequest,
  WireRoute,
} from '../../wire-format.ts'
import { serveEventRoutes } from '../event-routes.ts'
import { answerBatch, answerSingle } from '../json-formats.ts'
import { BodyText } from '../shared/body-text.ts'
import { describeProtocol } from '../shared/describe-protocol.ts'
import { mapRecords, mapSingle, readRecord, type MappedEvent } from '../shared/map-records.ts'
import { splitArray } from '../split-array.ts'
import type { CloudEvent } from './cloud-event.ts'
import { mapByType, mapToKind } from './map-cloud-event.ts'
import { isBinary, readBinary } from './read-binary.ts'
import { readStructured } from './read-structured.ts'
import { webhookHandshake } from './webhook-handshake.ts'

export interface CloudEventsSettings {
  /** Types of events about products, beside those that say so by their names. */
  readonly productTypes: readonly string[]
  /** Origins that may deliver by WebHook; `*` for all. */
  readonly webhookOrigins: readonly string[]
}

type MapEvent = (event: CloudEvent) => MappedEvent

const CLOUD_EVENTS_URL = '/cloudevents'
const STRUCTURED = 'application/cloudevents+json'
const BATCH = 'application/cloudevents-batch+json'

/** CloudEvents 1.0: as headers and a body, as JSON, and as a batch of JSON. The first one answers what has no content type. */
export function createCloudEventsFormats(settings: CloudEventsSettings): readonly WireFormat[] {
  const productTypes = new Set(settings.productTypes)
  const byType: MapEvent = (event) => mapByType(event, productTypes)
  const namesEvents = { namesEvents: true, answer: answerSingle }
  return [
    {
      ...namesEvents,
      name: 'cloud-events',
      mediaTypes: ['*'],
      routes: [describeOwnRoute((bytes, request, limits) => decodeBinary(bytes, request, limits, byType))],
      handshakes: [webhookHandshake(CLOUD_EVENTS_URL, settings.webhookOrigins)],
    },
    {
      ...namesEvents,
      name: 'cloud-events-structured',
      mediaTypes: [STRUCTURED],
      routes: serveAllRoutes(byType, decodeStructured),
    },
    {
      name: 'cloud-events-batch',
      mediaTypes: [BATCH],
      routes: serveAllRoutes(byType, decodeBatch),
      answersEmpty: true,
      answer: answerCloudBatch,
    },
  ]
}

/** @param kind under which an event is counted that cannot be read */
type Decode = (
  bytes: Buffer,
  limits: DecodeLimits,
  map: MapEvent,
  kind: Kind,
) => DecodedBody<undefined> | Promise<DecodedBody<undefined>>

/** On the routes of one kind, every CloudEvent is an event of that kind. */
function serveAllRoutes(byType: MapEvent, decode: Decode): WireRoute<undefined>[] {
  return [
    describeOwnRoute((bytes, _, limits) => decode(bytes, limits, byType, 'logs')),
    ...serveEventRoutes((kind, bytes, limits) =>
      decode(bytes, limits, (event) => mapToKind(kind, event), kind),
    ),
  ]
}

function describeOwnRoute(decode: WireRoute<undefined>['decode']): WireRoute<undefined> {
  return {
    url: CLOUD_EVENTS_URL,
    access: ['logs:write', 'products:write'],
    schema: describeProtocol({
      tag: 'cloud-events',
      summary: 'CloudEvents 1.0: binary, structured or a batch',
      description:
        'Events of types like `com.shop.product.created`, `.updated` and `.deleted` are about products, all others are logs. ' +
        'The source with the id is the key of an event.',
      consumes: [STRUCTURED, BATCH, '*/*'],
      response: { 200: AcceptedEventsSchema, 202: AcceptedEventsSchema },
      failures: [400, 413, 415, 422, 429, 503],
    }),
    decode,
  }
}

function decodeBinary(
  bytes: Buffer,
  { headers }: WireRequest,
  limits: DecodeLimits,
  map: MapEvent,
): DecodedBody<undefined> {
  const type = headers['content-type']?.toLowerCase() ?? ''
  if (type.startsWith('application/cloudevents') || !isBinary(headers)) {
    const expected = `${STRUCTURED}, ${BATCH}, or any type with the attributes as ce- headers`
    throw new AppError('unsupported_media_type', `The content type is not supported: send ${expected}`, {
      field: 'content-type',
      expected,
    })
  }
  return mapSingle('logs', undefined, () => map(readBinary(headers, bytes, limits)))
}

const decodeStructured: Decode = (bytes, limits, map, kind) =>
  mapSingle(kind, undefined, () => map(readStructured(readRecord(decodeUtf8(bytes), limits))))

const decodeBatch: Decode = (bytes, limits, map, kind) =>
  mapRecords(textsOf(bytes, limits.maxItems), {
    map: (text) => [map(readStructured(readRecord(text, limits)))],
    kind,
    limits,
    context: undefined,
  })

function* textsOf(bytes: Buffer, maxItems: number): Generator<string | AppError> {
  const body = new BodyText(bytes)
  for (const item of splitArray(body.text, maxItems)) yield body.tryRead(item)
}

/** An empty batch is fine; one in which nothing is right is not. */
function answerCloudBatch(outcome: WireOutcome): WireAnswer {
  const answer = answerBatch(outcome)
  const isRefused = outcome.accepted === 0 && outcome.rejected.length > 0
  return isRefused ? { ...answer, status: 400 } : answer
}
