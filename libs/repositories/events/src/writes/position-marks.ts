import type { Database } from '@runnel/repositories-database'
import { sql, type RawBuilder } from 'kysely'

/** What is known of the positions of one stream; see `product_position`. */
export interface PositionMark {
  readonly life: string
  readonly floorMs: number
  readonly floorSequence: number
  readonly throughMs: number
  readonly throughSequence: number
}

/** Of one life of a stream. */
export interface StreamLife {
  readonly stream: string
  readonly life: string
}

const MARK = sql`life, floor_ms::float8 as "floorMs", floor_sequence::float8 as "floorSequence",
  through_ms::float8 as "throughMs", through_sequence::float8 as "throughSequence"`

/** The mark of a life. A life that is new begins behind every position that is known, of whatever stream. */
export async function beginLife({ kysely }: Database, { stream, life }: StreamLife): Promise<PositionMark> {
  await sql`
    insert into product_position (stream, life, floor_ms, floor_sequence, through_ms, through_sequence)
    select ${stream}, ${life}, max(through_ms) + 1, 0, max(through_ms) + 1, 0 from product_position
    on conflict (stream) do update set life = excluded.life, floor_ms = excluded.floor_ms, floor_sequence = 0,
      through_ms = excluded.through_ms, through_sequence = 0
    where product_position.life <> excluded.life`.execute(kysely)
  const { rows } = await sql<PositionMark>`
    select ${MARK} from product_position where stream = ${stream}`.execute(kysely)
  return rows[0]!
}

/** Everything up to there may be given out. @returns undefined where the stream has another life by now */
export function extendThrough(
  database: Database,
  life: StreamLife,
  through: { readonly ms: number; readonly sequence: number },
): Promise<PositionMark | undefined> {
  return change(
    database,
    life,
    sql`through_ms = greatest(through_ms, ${through.ms}::bigint),
      through_sequence = greatest(through_sequence, ${through.sequence}::bigint)`,
  )
}

/**
 * The clock of the broker was set back: from this sequence on, positions lie behind all that were given out. Several processes
 * may find that, at different sequences.
 *
 * @returns undefined where the stream has another life by now
 */
export function raiseFloor(
  database: Database,
  life: StreamLife,
  sequence: number,
): Promise<PositionMark | undefined> {
  return change(
    database,
    life,
    sql`floor_ms = through_ms,
      floor_sequence = case when floor_ms = through_ms then least(floor_sequence, ${sequence}::bigint)
        else ${sequence}::bigint end`,
  )
}

async function change(
  { kysely }: Database,
  { stream, life }: StreamLife,
  assignments: RawBuilder<unknown>,
): Promise<PositionMark | undefined> {
  const { rows } = await sql<PositionMark>`
    update product_position set ${assignments} where stream = ${stream} and life = ${life} returning ${MARK}`.execute(
    kysely,
  )
  return rows[0]
}
