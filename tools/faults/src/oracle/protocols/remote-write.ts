import { create, toBinary } from '@bufbuild/protobuf'
import type { JsonObject } from '@runnel/contracts'
import { WriteRequestSchema } from '@runnel/wire/prometheus/remote'
import { deflateSnappy } from '@runnel/wire/snappy'
import { contentOf } from '../event-content.ts'
import { judgeFailure, judgeParts, partsAsMeant, type BusyRule } from './judge-protocol-answer.ts'
import { timeMsOf, type ProtocolClient, type ProtocolEvent } from './protocol-client.ts'

const NAME = 'oracle_value'

/** 429 is the end of a batch for Prometheus, unless it is set to repeat it. */
const BUSY: BusyRule = { repeated: [429, 500, 502, 503, 504], allowed: [503] }

/** Samples as Prometheus writes them, by remote write 1.0. An answer says nothing of a bad series. */
export const remoteWrite: ProtocolClient = {
  kind: 'metrics',
  path: '/api/v1/write',
  headers: {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '0.1.0',
  },
  encode: (events) => {
    const request = create(WriteRequestSchema, { timeseries: events.map(toSeries) })
    return new Uint8Array(deflateSnappy(Buffer.from(toBinary(WriteRequestSchema, request))))
  },
  toStored: (event): JsonObject => ({
    data: {
      ...{ name: NAME, value: contentOf(event.id).value, tags: tagsOf(event) },
      timestamp: new Date(timeMsOf(event)).toISOString(),
    },
  }),
  judge: (answer, events) =>
    answer.status === 200 || answer.status === 204
      ? judgeParts(answer, events, partsAsMeant(events))
      : judgeFailure(answer, BUSY),
}

function tagsOf({ id }: Pick<ProtocolEvent, 'id'>): Record<string, string> {
  return { job: 'oracle', oracle: id, text: contentOf(id).text }
}

/** One that is malformed has no name. */
function toSeries(event: ProtocolEvent) {
  const named = event.isMalformed ? {} : { __name__: NAME }
  const labels = Object.entries({ ...named, ...tagsOf(event) }).map(([name, value]) => ({ name, value }))
  const sample = { value: contentOf(event.id).value, timestamp: BigInt(timeMsOf(event)) }
  return { labels, samples: [sample] }
}
