import type { Contest } from './contest.ts'
import type { Sample } from './sample.ts'

/** One measurement of each side, one right after the other: what burdens the machine burdens both. */
export interface Turn {
  readonly ceiling: Sample
  readonly runnel: Sample
  /** What else was measured of Runnel, by its name in {@link Contest.also}. */
  readonly also: Readonly<Record<string, Sample>>
}

/**
 * Runs everything once unmeasured, Runnel first, so that nothing is measured with cold code: what Runnel has stored then is
 * what a ceiling may copy. Then takes turns.
 *
 * @param onTurn called with every turn as it ends
 */
export async function takeTurns(
  contest: Contest,
  turns: number,
  onTurn: (turn: Turn, index: number) => void,
): Promise<Turn[]> {
  const others = Object.entries(contest.also ?? {})
  await contest.runnel()
  await contest.ceiling()
  for (const [, measure] of others) await measure()
  const taken: Turn[] = []
  while (taken.length < turns) {
    const [ceiling, runnel] = [await contest.ceiling(), await contest.runnel()]
    const also: Record<string, Sample> = {}
    for (const [name, measure] of others) also[name] = await measure()
    const turn = { ceiling, runnel, also }
    onTurn(turn, taken.length)
    taken.push(turn)
  }
  return taken
}
