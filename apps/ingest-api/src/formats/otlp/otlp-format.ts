import { inSlices } from '@runnel/runtime'
import type { DecodedBody, DecodeLimits, WireFormat, WireRequest, WireRoute } from '../../wire-format.ts'
import { answerAccepted, answerFailure, jsonAnswers, protobufAnswers, type AnswerWriter } from './answers.ts'
import { decodeRequest, type DecodedRequest } from './decode-request.ts'
import { describeRoute } from './describe-route.ts'
import { openJson } from './json-source.ts'
import { logSignal } from './log-signal.ts'
import type { MessageSource } from './message-source.ts'
import { metricSignal } from './metric-signal.ts'
import { openProtobuf } from './protobuf-source.ts'
import type { OtlpResponse, OtlpSignal } from './signal.ts'
import { traceSignal } from './trace-signal.ts'
import { KEPT_VALUES_SIZE } from '../shared/kept-values.ts'
import { keyOfBody } from '../shared/key-of-body.ts'

const SIGNALS: readonly OtlpSignal[] = [logSignal, metricSignal, traceSignal]

/** OTLP/HTTP in JSON. */
export const otlpJson = createFormat('otlp-json', ['application/json'], openJson, jsonAnswers)

/** OTLP/HTTP in Protocol Buffers. */
export const otlpProtobuf = createFormat(
  'otlp-protobuf',
  ['application/x-protobuf', 'application/protobuf'],
  openProtobuf,
  protobufAnswers,
)

/** Two encodings of one protocol: an answer is in that of its request. */
function createFormat<Piece>(
  name: string,
  mediaTypes: readonly string[],
  open: (body: Buffer, maxSize: number) => MessageSource<Piece>,
  writer: AnswerWriter,
): WireFormat<OtlpResponse> {
  return {
    name,
    mediaTypes,
    takesLargeBatches: true,
    answersEmpty: true,
    routes: SIGNALS.map((signal): WireRoute<OtlpResponse> => ({
      url: signal.url,
      access: signal.access,
      schema: describeRoute(signal),
      decode: (bytes, request, limits) => decode(signal, open, bytes, request, limits),
    })),
    answer: (outcome, { context }) => answerAccepted(writer, context, outcome),
    answerError: (failure) => answerFailure(writer, failure),
  }
}

function decode<Piece>(
  signal: OtlpSignal,
  open: (body: Buffer, maxSize: number) => MessageSource<Piece>,
  bytes: Buffer,
  request: WireRequest,
  limits: DecodeLimits,
): DecodedBody<OtlpResponse> | Promise<DecodedBody<OtlpResponse>> {
  const keepsValues = bytes.length <= KEPT_VALUES_SIZE
  const decoding = inSlices(decodeRequest(signal, open(bytes, limits.eventLimitBytes), limits, keepsValues))
  if (decoding instanceof Promise) return decoding.then((decoded) => toBody(signal, bytes, request, decoded))
  return toBody(signal, bytes, request, decoding)
}

function toBody(
  signal: OtlpSignal,
  bytes: Buffer,
  request: WireRequest,
  { texts, values, plain, indexes, rejected, hasTimes }: DecodedRequest,
): DecodedBody<OtlpResponse> {
  return {
    form: 'records',
    kinds: signal.kind,
    texts,
    ...(values !== undefined && { values }),
    plain,
    indexes: indexes!,
    rejected: rejected!,
    // The same bytes again are a request whose answer was lost. Without times two equal records may be two.
    ...(hasTimes && { bodyKey: keyOfBody(request, bytes) }),
    context: signal.response,
  }
}
