import type { Contest } from './contest.ts'
import type { Sample } from './sample.ts'

/** One measurement of each side, one right after the other: what burdens the machine burdens both. */
export interface Turn {
  readonly ceiling: Sample
  readonly runnel: Sample
}

/** @param onTurn told every turn as it ends */
export async function takeTurns(
  contest: Contest,
  turns: number,
  onTurn: (turn: Turn, index: number) => void,
): Promise<Turn[]> {
  await contest.warmUp()
  const taken: Turn[] = []
  while (taken.length < turns) {
    const turn = { ceiling: await contest.ceiling(), runnel: await contest.runnel() }
    onTurn(turn, taken.length)
    taken.push(turn)
  }
  return taken
}
