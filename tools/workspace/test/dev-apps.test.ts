import { createServer } from 'node:net'
import { once } from 'node:events'
import { expect, test } from '@jest/globals'
import { findDevGateway, formatTable, listDevApps, requireFreePorts } from '../src/dev-apps.ts'
import { freePort } from '@runnel/testing'

test('ports can be moved, and what is not a port is refused by name', () => {
  const apps = listDevApps({ QUERY_API_PORT: '18000' })
  expect(apps.find(({ name }) => name === 'query-api')?.port).toBe(18_000)
  expect(apps.find(({ name }) => name === 'ingest-api')?.port).toBe(8080)
  expect(() => listDevApps({ CONSUMER_PORT: '0x' })).toThrow(/CONSUMER_PORT="0x"/)
  expect(findDevGateway({ GATEWAY_PORT: '18090' }).port).toBe(18_090)
  expect(findDevGateway({ GATEWAY_PORT: '18090', PRODUCER_SIM_GATEWAY_PORT: '18091' }).port).toBe(18_091)
})

test('a taken port is one line that names the app and the variable that moves it', async () => {
  const port = await freePort()
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  const apps = listDevApps({ CONSUMER_PORT: String(port) }).filter(({ name }) => name === 'consumer')
  await expect(requireFreePorts(apps)).rejects.toThrow(
    `Taken port: ${port} (consumer, set CONSUMER_PORT to another port)`,
  )
  server.close()
  await once(server, 'close')
  await requireFreePorts(apps)
})

test('the table shows the pages of an app that answers, and says of one that does not', () => {
  const table = formatTable(listDevApps({}), new Set(['consumer']))
  expect(table).toMatch(/consumer +http:\/\/127\.0\.0\.1:8082 +http:\/\/127\.0\.0\.1:8082\/docs/)
  expect(table).toMatch(/ingest-api +http:\/\/127\.0\.0\.1:8080 +does not answer yet/)
})
