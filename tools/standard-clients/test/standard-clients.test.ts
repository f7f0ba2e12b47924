import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { testCloudEvents } from './formats/cloud-events.ts'
import { testElasticsearch } from './formats/elasticsearch.ts'
import { testFluent } from './formats/fluent.ts'
import { testGelf } from './formats/gelf.ts'
import { testInfluxDb } from './formats/influxdb.ts'
import { testLoki } from './formats/loki.ts'
import { testOtlp } from './formats/otlp.ts'
import { testRemoteWrite } from './formats/remote-write.ts'
import { testSplunkHec } from './formats/splunk-hec.ts'
import { testStatsd } from './formats/statsd.ts'
import { testSyslog } from './formats/syslog.ts'
import { startClientPlatform, type ClientPlatform } from './platform/client-platform.ts'

const START_MS = 300_000

let platform: ClientPlatform | undefined

beforeAll(async () => {
  platform = await startClientPlatform()
}, START_MS)
afterAll(async () => {
  await platform?.[Symbol.asyncDispose]()
}, START_MS)

const FORMATS = [
  ...[testOtlp, testElasticsearch, testRemoteWrite, testLoki, testCloudEvents, testInfluxDb, testSplunkHec],
  ...[testSyslog, testStatsd, testGelf, testFluent],
]

// One after the other, in one file: each of them stops the broker of all.
for (const testFormat of FORMATS) testFormat(() => platform!)

it('after all of it, nothing was stored a second time', async () => {
  expect(await platform?.stored.findChanged()).toEqual([])
})
