import { expect, it } from '@jest/globals'
import { fromBinary } from '@bufbuild/protobuf'
import { inSlices } from '@runnel/runtime'
import { ReadResponseSchema } from '@runnel/wire/prometheus/remote'
import { SampleBuffer } from './sample-buffer.ts'
import { encodeSamples } from './samples-response.ts'

it('encodes more series than a call takes arguments', async () => {
  const samples = new SampleBuffer()
  samples.add(1, 2, null)
  const series = Array.from({ length: 150_000 }, () => ({ labels: [], samples }))
  const parts = await inSlices(encodeSamples([series]))
  const { results } = fromBinary(ReadResponseSchema, Buffer.concat(parts))
  expect(results[0]?.timeseries).toHaveLength(150_000)
})
