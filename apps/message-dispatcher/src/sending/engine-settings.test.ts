import { expect, it } from '@jest/globals'
import { readSettings, type Environment } from '@runnel/runtime'
import { createEngineOptions, engineSettings } from './engine-settings.ts'
import { gatewaySettings } from './channels/gateway/gateway-settings.ts'

const optionsFor = (env: Environment) =>
  createEngineOptions(readSettings(engineSettings, env), 'gateway', {
    ...readSettings(gatewaySettings, env),
    ratePerSecond: 0,
  })

it('a lease lasts as long as it is set to, unless that is too short for attempts', () => {
  expect(optionsFor({}).leaseMs).toBe(30_000)
  expect(optionsFor({ GATEWAY_TIMEOUT_MS: '1000', SEND_LEASE_MS: '7000' }).leaseMs).toBe(7000)
  expect(optionsFor({ GATEWAY_TIMEOUT_MS: '20000' }).leaseMs).toBe(44_000)
})

it('no more messages are sent at a time than there are connections', () => {
  expect(optionsFor({ SEND_CONCURRENCY: '50' }).concurrency).toBe(50)
  expect(optionsFor({ SEND_CONCURRENCY: '500', GATEWAY_CONNECTIONS: '60' }).concurrency).toBe(60)
})
