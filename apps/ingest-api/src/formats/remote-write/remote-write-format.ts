import { inflateSnappy } from '@runnel/wire/snappy'
import { Type } from 'typebox'
import type {
  SentBody,
  WireAnswer,
  WireFailure,
  WireFormat,
  WireOutcome,
  WireRoute,
} from '../../wire-format.ts'
import { answerText } from '../shared/answer-text.ts'
import { statusOfFailure } from '../shared/status-of-failure.ts'
import { waitParameter } from '../shared/wait-parameter.ts'
import { decodeRemoteWrite, type RemoteWriteContext } from './decode-remote-write.ts'

const MEDIA_TYPE = 'application/x-protobuf'

/**
 * Remote write of Prometheus, 1.0 and 2.0. What a client does with an answer decides which one it gets: 429 would be the end of
 * a batch, and 413 a loop (vmagent).
 */
export const remoteWrite: WireFormat<RemoteWriteContext> = {
  name: 'remote-write',
  mediaTypes: [MEDIA_TYPE],
  encodings: new Map([['snappy', inflateSnappy]]),
  // Some clients compress as the specification has it, and do not say so.
  encodingOf: () => 'snappy',
  takesLargeBodies: true,
  answersEmpty: true,
  routes: [
    describe(
      '/api/v1/write',
      'Samples, histograms and exemplars as Prometheus writes them: remote write 1.0 and 2.0',
    ),
    describe('/api/v1/prom/write', 'The same as /api/v1/write'),
  ],
  answer,
  answerError,
}

function describe(url: string, summary: string): WireRoute<RemoteWriteContext> {
  return {
    url,
    access: 'metrics:write',
    schema: {
      summary,
      description:
        'A snappy block of `prometheus.WriteRequest` or, where the content type says so, `io.prometheus.write.v2.Request`. ' +
        'Bad series cost themselves alone. Errors are plain text.',
      tags: ['metrics'],
      consumes: [MEDIA_TYPE, `${MEDIA_TYPE};proto=io.prometheus.write.v2.Request`],
      body: {},
      querystring: Type.Object({ wait: waitParameter }),
      response: { 204: Type.Null({ description: 'Everything that can be kept is kept' }) },
    } as WireRoute['schema'],
    decode: decodeRemoteWrite,
  }
}

function answer(outcome: WireOutcome, { context }: SentBody<RemoteWriteContext>): WireAnswer {
  return {
    status: 204,
    headers: context.version === 2 ? describeWritten(outcome, context) : {},
    body: undefined,
  }
}

/** What is stored of the request: without it, a sender of the second version takes the receiver for one of the first. */
function describeWritten({ rejected }: WireOutcome, { classes, exemplars }: RemoteWriteContext) {
  const lost = new Set(rejected.map(({ index }) => index))
  const written = { sample: 0, histogram: 0, exemplar: 0, bad: 0 }
  for (const [index, one] of classes.entries()) {
    if (lost.has(index)) continue
    written[one]++
    written.exemplar += exemplars.get(index) ?? 0
  }
  return {
    'x-prometheus-remote-write-samples-written': String(written.sample),
    'x-prometheus-remote-write-histograms-written': String(written.histogram),
    'x-prometheus-remote-write-exemplars-written': String(written.exemplar),
  }
}

function answerError(failure: WireFailure): WireAnswer {
  return answerText(statusOfFailure(failure), failure.error.message)
}
