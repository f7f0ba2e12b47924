import { expect, test } from '@jest/globals'
import { explainStop } from './stop-reasons.ts'

test.each([
  ['unauthorised', 'gateway', /GATEWAY_TOKEN/],
  ['unauthorised', 'email', /EMAIL_PASSWORD/],
  ['sender_refused', 'email', /EMAIL_FROM/],
  ['unreachable', 'webhook', /^It cannot be reached/],
  ['not_known_here', 'webhook', /^not_known_here$/],
  ['constructor', 'email', /^constructor$/],
])('the reason %s of the channel %s is explained by its own settings', (reason, channel, text) => {
  expect(explainStop(reason, channel)).toMatch(text)
})
