import { isNumber, type CompareTest, type LogQuery } from '@runnel/contracts/log-query'
import { sql, type RawBuilder } from 'kysely'
import { memberPlaces } from './member-places.ts'
import { NUMERIC_TEXT } from './numeric-text.ts'
import { valueSql } from './text-sql.ts'

type MemberLeaf = Extract<LogQuery, { kind: 'member' }>
type Condition = RawBuilder<boolean>

/** Whether a member has a value, at any of the places where it may be. */
export function memberSql({ path, test }: MemberLeaf): Condition {
  const conditions = memberPlaces(path).paths.map((names) => {
    const value = names.reduce<RawBuilder<unknown>>((inner, name) => sql`${inner}->${name}::text`, sql`data`)
    return testSql(sql`(${value})`, test)
  })
  return sql`(${sql.join(conditions, sql` or `)})`
}

function testSql(value: RawBuilder<unknown>, test: MemberLeaf['test']): Condition {
  switch (test.test) {
    case 'exists':
      return sql`jsonb_typeof(${value}) <> 'null'`
    case 'equals': {
      const scalars = sql.join(scalarsOf(test.text).map((json) => sql`${json}::text::jsonb`))
      return sql`${value} @> any (array[${scalars}])`
    }
    case 'compare':
      return compareSql(value, test)
    case 'pattern':
    case 'regex':
      return sql`case jsonb_typeof(${value})
        when 'array' then exists (
          select from jsonb_array_elements_text(${value}) item (value) where ${valueSql(sql`item.value`, test)})
        else ${valueSql(sql`(${value} #>> '{}')`, test)} end`
  }
}

/** The JSON values that are written like that. */
function scalarsOf(text: string): string[] {
  const isPlain = isNumber(text) || text === 'true' || text === 'false'
  return isPlain ? [JSON.stringify(text), text] : [JSON.stringify(text)]
}

const OPERATORS = { '>': sql`>`, '>=': sql`>=`, '<': sql`<`, '<=': sql`<=` }

function compareSql(value: RawBuilder<unknown>, { operator, number }: CompareTest): Condition {
  const text = sql`(${value} #>> '{}')`
  const holds = (than: RawBuilder<unknown>) => sql`${than} ${OPERATORS[operator]} ${number}::text::numeric`
  return sql`case jsonb_typeof(${value})
    when 'number' then ${holds(sql`(${value})::numeric`)}
    when 'string' then case when ${text} ~ ${NUMERIC_TEXT} then ${holds(sql`${text}::numeric`)} end
    end`
}
