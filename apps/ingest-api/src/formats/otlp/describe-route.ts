import type { FastifySchema } from 'fastify'
import { Type } from 'typebox'
import { describeProtocol } from '../shared/describe-protocol.ts'
import type { OtlpSignal } from './signal.ts'

const PartialSuccessSchema = Type.Object(
  { partialSuccess: Type.Optional(Type.Object({ errorMessage: Type.String() })) },
  { description: 'Empty, or with the number of records that were refused and why' },
)

const StatusSchema = Type.Object(
  { code: Type.Integer(), message: Type.String() },
  { description: 'google.rpc.Status' },
)

/** How a route is shown at /docs. */
export function describeRoute({ summary }: OtlpSignal): FastifySchema {
  return describeProtocol({
    tag: 'otlp',
    summary,
    description:
      'An export request of OTLP/HTTP, as JSON or Protocol Buffers; answers and errors are of the type of the request. ' +
      "The address of ingest-api is an exporter's OTEL_EXPORTER_OTLP_ENDPOINT.",
    consumes: ['application/json', 'application/x-protobuf'],
    response: { 200: PartialSuccessSchema },
    errors: StatusSchema,
    failures: [400, 401, 403, 413, 415, 429, 503],
  })
}
