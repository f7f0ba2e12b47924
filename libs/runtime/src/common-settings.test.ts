import { expect, it } from '@jest/globals'
import { serviceSettings } from './common-settings.ts'
import { readSettings } from './settings.ts'

it('localhost is one address to listen on', () => {
  const hostOf = (HOST: string) => readSettings({ host: serviceSettings('consumer').host }, { HOST }).host
  expect(['localhost', 'LOCALHOST.', '::1', 'runnel.example'].map(hostOf)).toEqual([
    ...['127.0.0.1', '127.0.0.1', '::1', 'runnel.example'],
  ])
})
