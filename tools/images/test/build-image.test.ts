import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buildImage, type Stage } from '../src/image/build-image.ts'
import { listContext } from '../src/image/copy-context.ts'

let context: string

beforeEach(() => {
  context = mkdtempSync(join(tmpdir(), 'runnel-context-'))
})

afterEach(() => rmSync(context, { recursive: true, force: true }))

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries({ '.dockerignore': 'stages\n', ...files })) {
    mkdirSync(dirname(join(context, name)), { recursive: true })
    writeFileSync(join(context, name), text)
  }
}

function build(dockerfile: string, args: Record<string, string> = {}) {
  write({ Dockerfile: dockerfile })
  const folder = join(context, 'stages')
  mkdirSync(folder)
  return buildImage({ context, args, folder })
}

test('stages are carried out in order, and the last one is the image', async () => {
  write({ 'a/b.txt': 'b', 'c.txt': 'c' })
  const image = await build(
    `ARG BASE=any
     FROM \${BASE} AS first
     ARG WHO
     WORKDIR /work
     COPY a ./in/
     RUN --mount=type=cache,target=/cache printf "%s" "$WHO" > who.txt
     FROM \${BASE}
     ARG WHO
     ENV NAME=\${WHO} MODE=on
     WORKDIR /app
     COPY --from=first /work ./
     COPY c.txt ./d.txt
     WORKDIR sub/\${WHO}
     USER node
     HEALTHCHECK --interval=1s CMD ["node", "/app/check.ts"]
     CMD ["node", "main.ts"]`,
    { WHO: 'me' },
  )
  const read = (file: string) => readFileSync(join(image.root, 'app', file), 'utf8')
  expect([read('in/b.txt'), read('who.txt'), read('d.txt')]).toEqual(['b', 'me', 'c'])
  expect(image).toMatchObject({
    workdir: '/app/sub/me',
    env: { NAME: 'me', MODE: 'on' },
    user: 'node',
    healthcheck: ['node', '/app/check.ts'],
    command: ['node', 'main.ts'],
  })
})

test('stages without arguments are built once, and serve every image', async () => {
  const dockerfile = `FROM any AS build
     RUN echo built >> ../../log && mkdir out && echo 1 > out/made
     FROM any
     ARG APP
     COPY --from=build /out /in/
     RUN printf "%s" "$APP" > app`
  const folder = join(context, 'stages')
  mkdirSync(folder)
  write({ Dockerfile: dockerfile })
  const cache = new Map<string, Stage>()
  const images = []
  for (const app of ['a', 'b', 'a'])
    images.push(await buildImage({ context, args: { APP: app }, folder, cache }))
  expect(images.map(({ root }) => readFileSync(join(root, 'app'), 'utf8'))).toEqual(['a', 'b', 'a'])
  expect(readFileSync(join(context, 'log'), 'utf8')).toBe('built\n')
})

test('a stage after one with an argument is built for each of its values', async () => {
  const dockerfile = `FROM any AS build
     ARG APP
     RUN mkdir out && printf "%s" "$APP" > out/app
     FROM any
     COPY --from=build /out /in/`
  const folder = join(context, 'stages')
  mkdirSync(folder)
  write({ Dockerfile: dockerfile })
  const cache = new Map<string, Stage>()
  for (const app of ['a', 'b']) {
    const { root } = await buildImage({ context, args: { APP: app }, folder, cache })
    expect(readFileSync(join(root, 'in/app'), 'utf8')).toBe(app)
  }
})

test('RUN sees no variable of this process beyond PATH, HOME and certificates', async () => {
  process.env['RUNNEL_SECRET'] = 'leaked'
  const image = await build('FROM any\nRUN printf "%s" "$RUNNEL_SECRET" > seen').finally(() => {
    delete process.env['RUNNEL_SECRET']
  })
  expect(readFileSync(join(image.root, 'seen'), 'utf8')).toBe('')
})

test.each([
  ['a step that fails', 'FROM any\nRUN exit 3', 'exit 3'],
  ['a command in shell form, which would make a shell process 1', 'FROM any\nCMD node main.ts', 'exec form'],
  ['a health check in shell form', 'FROM any\nHEALTHCHECK CMD curl localhost', 'exec form'],
  ['a file that .dockerignore keeps out', 'FROM any\nCOPY stages ./', 'lets nothing of stages'],
  ['a stage that is not there', 'FROM any\nCOPY --from=other /x ./', 'no such stage'],
  ['an instruction that is not understood', 'FROM any\nVOLUME /data', 'VOLUME'],
])('%s is refused', async (_, dockerfile, message) => {
  await expect(build(dockerfile)).rejects.toThrow(message)
})

test('.dockerignore may keep a folder out and let a part of it in', () => {
  write({
    '.dockerignore': '*\n!apps\n!tools/one/src\n**/test\n**/.env*\n',
    'apps/a/src/main.ts': '',
    'apps/a/test/a.ts': '',
    'apps/a/.env': '',
    'tools/one/src/x.ts': '',
    'tools/one/y.ts': '',
    'tools/two/src/z.ts': '',
    '.env': '',
  })
  expect(listContext(context).sort()).toEqual(['apps/a/src/main.ts', 'tools/one/src/x.ts'])
  expect(existsSync(join(context, '.env'))).toBe(true)
})
