import { uniformInt } from 'pure-rand/distribution/uniformInt'
import type { Random, Trouble } from '../next-trouble.ts'
import type { MailTrouble } from './start-mail-server.ts'
import type { WebhookTrouble } from './start-webhooks.ts'

const LIGHT_MAIL = {
  ...{ greylist: 0.05, full: 0.01, 'no-user': 0.003, busy: 0.03, spam: 0.002 },
  ...{ 'cut-before': 0.02, 'cut-after': 0.02, slow: 0.05 },
}

/** Behaviours of the mail server; good ones often enough that much is under way when something dies. */
const MAIL_TROUBLES: readonly MailTrouble[] = [
  ...Array.from({ length: 4 }, () => ({})),
  ...Array.from({ length: 5 }, () => ({ probabilities: LIGHT_MAIL })),
  { probabilities: { greylist: 0.7 } },
  { probabilities: { 'cut-after': 0.3 } },
  { probabilities: { 'cut-before': 0.6, busy: 0.3 } },
  { probabilities: { sender: 1 } },
  { down: true },
]

const LIGHT_WEBHOOK = {
  ...{ '500': 0.04, '503': 0.02, '429': 0.01, '400': 0.003, '410': 0.002 },
  ...{ 'cut-before': 0.02, 'cut-after': 0.02, slow: 0.05, hang: 0.003 },
}

/** Behaviours of the receivers of webhooks. */
const WEBHOOK_TROUBLES: readonly WebhookTrouble[] = [
  ...Array.from({ length: 4 }, () => ({})),
  ...Array.from({ length: 5 }, () => ({ probabilities: LIGHT_WEBHOOK })),
  { probabilities: { '503': 0.5, '429': 0.2 } },
  { probabilities: { 'cut-after': 0.5 } },
  { hostsDown: 5 },
  { hostsDown: 20 },
]

export const nextMailTrouble = (random: Random): Trouble => draw(random, MAIL_TROUBLES)

export const nextWebhookTrouble = (random: Random): Trouble => draw(random, WEBHOOK_TROUBLES)

function draw(random: Random, troubles: readonly object[]): Trouble {
  const change = troubles[uniformInt(random, 0, troubles.length - 1)]!
  return { change, lastsMs: uniformInt(random, 500, 4000) }
}
