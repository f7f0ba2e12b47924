import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findBoundaryViolations } from '../src/find-boundary-violations.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** Two projects of every layer, so that a layer can also be tried against itself. */
const PROJECTS = {
  contracts: ['libs/contracts', 'libs/contracts'],
  json: ['libs/json', 'libs/json'],
  foundation: ['libs/observability', 'libs/runtime'],
  infra: ['libs/cache', 'libs/messaging'],
  database: ['libs/repositories/database', 'libs/repositories/database'],
  repositories: ['libs/repositories/events', 'libs/repositories/mailings'],
  app: ['apps/ingest-api', 'apps/consumer'],
  client: ['libs/client', 'libs/client'],
  tools: ['tools/checks', 'tools/workspace'],
  testing: ['libs/testing', 'libs/testing'],
} as const

type Layer = keyof typeof PROJECTS

/** The dependency rule, written down a second time on purpose: the configuration is what is tested. */
const MAY_IMPORT: Record<Layer, readonly Layer[]> = {
  contracts: [],
  json: ['contracts'],
  foundation: ['contracts', 'json', 'foundation'],
  infra: ['contracts', 'json', 'foundation'],
  database: ['contracts', 'json', 'foundation'],
  repositories: ['contracts', 'json', 'foundation', 'database'],
  app: ['contracts', 'json', 'foundation', 'infra', 'database', 'repositories'],
  client: [],
  tools: [
    ...['contracts', 'json', 'foundation', 'infra', 'database', 'repositories', 'app'],
    ...['client', 'testing', 'tools'],
  ] as Layer[],
  testing: ['contracts', 'json', 'foundation', 'infra', 'database', 'repositories'],
}

const LAYERS = Object.keys(PROJECTS) as Layer[]
const PAIRS = LAYERS.flatMap((source) => LAYERS.map((target) => [source, target] as const)).filter(
  // A layer of one project cannot import itself.
  ([source, target]) => source !== target || PROJECTS[source][0] !== PROJECTS[source][1],
)
const WRONG = PAIRS.filter(([source, target]) => !MAY_IMPORT[source].includes(target))
const RIGHT = PAIRS.filter(([source, target]) => MAY_IMPORT[source].includes(target))

const LAYER_CHECKS = /^(onlyTagsConstraintViolation|emptyOnlyTagsConstraintViolation)$/

function packageOf(project: string): string {
  return (JSON.parse(readFileSync(join(ROOT, project, 'package.json'), 'utf8')) as { name: string }).name
}

/** The reverse of an import that exists is reported as the circle that it is, before any layer is looked at. */
const CIRCLE = 'noCircularDependencies'

async function violations(source: Layer, target: Layer): Promise<string[]> {
  const code = `import * as other from '${packageOf(PROJECTS[target][1])}'\nexport { other }\n`
  return findBoundaryViolations(`${PROJECTS[source][0]}/src/violation.ts`, code)
}

test.each(WRONG)('%s may not import %s', async (source, target) => {
  const [found] = await violations(source, target)
  expect(found === CIRCLE || LAYER_CHECKS.test(found ?? '')).toBe(true)
})

test.each(RIGHT)('%s may import %s', async (source, target) => {
  expect((await violations(source, target)).filter((id) => id !== CIRCLE)).toEqual([])
})

const DRIVERS = ['pg', 'nats', 'ioredis', 'kysely', 'kysely/migration']

test.each(DRIVERS)('an app may not import the driver %s', async (driver) => {
  const code = `import * as driver from '${driver}'\nexport { driver }\n`
  expect(await findBoundaryViolations('apps/consumer/src/violation.ts', code)).toEqual([
    'bannedExternalImportsViolation',
  ])
})

test('an app may not import a driver for its types either', async () => {
  const code = `import type { Kysely } from 'kysely'\nexport type X = Kysely<object>\n`
  expect(await findBoundaryViolations('apps/consumer/src/violation.ts', code)).toHaveLength(1)
})

test('an infrastructure library may import its driver', async () => {
  const code = `import { Redis } from 'ioredis'\nexport { Redis }\n`
  expect(await findBoundaryViolations('libs/cache/src/violation.ts', code)).toEqual([])
})

test('only tests may import the test library', async () => {
  const code = `import { eventually } from '@runnel/testing'\nexport { eventually }\n`
  expect(await findBoundaryViolations('libs/cache/src/violation.ts', code)).toHaveLength(1)
  expect(await findBoundaryViolations('libs/cache/src/x.test.ts', code)).toEqual([])
  expect(await findBoundaryViolations('libs/cache/test/x.test.ts', code)).toEqual([])
  expect(await findBoundaryViolations('apps/consumer/test/x.ts', code)).toEqual([])
})

test.each(['libs/cache', 'apps/consumer', 'libs/testing'])(
  'a test of %s may not import tools',
  async (project) => {
    const code = `import * as tools from '@runnel/workspace'\nexport { tools }\n`
    expect(await findBoundaryViolations(`${project}/test/x.test.ts`, code)).toHaveLength(1)
  },
)

test('a test, too, keeps to the layers', async () => {
  const code = `import * as other from '@runnel/messaging'\nexport { other }\n`
  expect(await findBoundaryViolations('libs/cache/test/x.test.ts', code)).toHaveLength(1)
})

test('a path is no way around a package', async () => {
  const code = `export * from '../../messaging/src/index.ts'\n`
  expect(await findBoundaryViolations('libs/cache/src/violation.ts', code)).not.toEqual([])
})
