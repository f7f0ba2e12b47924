import { expect, it } from '@jest/globals'
import { readSettings } from '@runnel/runtime'
import { engineOptionsOf, engineSettings } from './engine-settings.ts'
import { gatewaySettings } from './gateway-settings.ts'

const leaseOf = (env: Record<string, string>) =>
  engineOptionsOf(readSettings({ ...engineSettings, ...gatewaySettings }, env)).leaseMs

it('a lease lasts as long as it is set to, unless that is too short for attempts', () => {
  expect(leaseOf({})).toBe(30_000)
  expect(leaseOf({ GATEWAY_TIMEOUT_MS: '1000', SEND_LEASE_MS: '7000' })).toBe(7000)
  expect(leaseOf({ GATEWAY_TIMEOUT_MS: '20000' })).toBe(44_000)
})
