import { BEHAVIOURS, type Behaviour, type Probabilities } from '@runnel/contracts/api/fake-gateway'
import { completeProbabilities } from './behaviours.ts'
import type { GatewayMode } from './gateway-settings.ts'

const EXPECTED = `down, one of ${BEHAVIOURS.join(', ')}, or a mix of them like 500=0.1,hang=0.05 of at most 1`

/**
 * The mode of the gateway as a person writes it.
 *
 * @param text e.g. `ok`, `down` or `500=0.1,hang=0.05`
 * @throws Error that says what would have been right
 */
export function parseMode(text: string): GatewayMode {
  if (text === 'down' || isBehaviour(text)) return { mode: text }
  const probabilities: Partial<Record<Behaviour, number>> = {}
  for (const part of text.split(',')) {
    const [name = '', share = ''] = part.trim().split('=')
    if (!isBehaviour(name) || name in probabilities || !/^(0|1|0?\.\d+)$/.test(share))
      throw new Error(EXPECTED)
    probabilities[name] = Number(share)
  }
  return { probabilities: checked(probabilities) }
}

function isBehaviour(name: string): name is Behaviour {
  return (BEHAVIOURS as readonly string[]).includes(name)
}

function checked(probabilities: Readonly<Partial<Probabilities>>): Readonly<Partial<Probabilities>> {
  try {
    completeProbabilities(probabilities)
  } catch (error) {
    throw new Error(EXPECTED, { cause: error })
  }
  return probabilities
}
