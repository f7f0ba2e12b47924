import { BEHAVIOURS, type Behaviour, type Probabilities } from '@runnel/contracts/api/fake-gateway'
import { createRandom } from '../load/random.ts'
import { onlyBehaviour } from './behaviours.ts'

/** What becomes of the call with this number. */
export type ChooseBehaviour = (call: number) => Behaviour

/** Depends on nothing but its parameters: the same seed makes the same sequence, whatever the calls are. */
export function createChoice(probabilities: Probabilities, seed: number): ChooseBehaviour {
  const only = onlyBehaviour(probabilities)
  // Where nothing is left to chance none is asked: a gateway without trouble is to be as fast as it can be.
  if (only !== undefined) return () => only
  return (call) => {
    let left = createRandom(seed, call)()
    for (const behaviour of BEHAVIOURS) {
      left -= probabilities[behaviour]
      if (left < 0) return behaviour
    }
    return 'ok'
  }
}
