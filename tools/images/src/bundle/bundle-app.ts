import { APPS, type AppDescription } from '@runnel/contracts/apps'
import { existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { rolldown } from 'rolldown'
import { keepFiles } from './keep-files.ts'
import { keepLicences } from './keep-licences.ts'
import { keepNative, NATIVE } from './keep-native.ts'

/** Not installed where an app runs as a process of its own: loaded on demand alone, or never. */
const ABSENT = ['@electric-sql/pglite', 'pg-native']

/**
 * Not minified: a stack trace names functions and readable lines. Without comments, and in ASCII: one character beyond
 * Latin-1 would make V8 keep all of the source in two bytes a character.
 */
const READABLE = {
  comments: false,
  minify: {
    compress: false,
    mangle: false,
    codegen: { removeWhitespace: false, asciiOnly: true, legalComments: 'none' },
  },
} as const

/**
 * Makes an app and all packages that it uses into a few JavaScript files, which need nothing but Node and the files
 * beside them: `main.mjs`, `config.mjs` (for the health check), and further programs.
 *
 * @param root folder of the workspace, with its packages installed
 * @param out folder, relative to `root` or absolute; what it held is removed
 * @throws Error when there is no such app, or something cannot be resolved
 */
export async function bundleApp(root: string, app: string, out: string): Promise<void> {
  const source = join('apps', app, 'src')
  if (!existsSync(join(root, source, 'main.ts'))) throw new Error(`There is no app ${app}`)
  const folder = resolve(root, out)
  // Run beside main: each is a file of its own, and shares its modules with the others.
  const { programs } = (APPS as Readonly<Record<string, AppDescription>>)[app] ?? { programs: {} }
  const bundle = await rolldown({
    cwd: root,
    input: { main: join(source, 'main.ts'), config: join(source, 'config.ts'), ...programs },
    platform: 'node',
    external: [...ABSENT, ...NATIVE],
    // A package's own affair.
    checks: { eval: false },
    transform: { target: 'node24' },
    logLevel: 'warn',
    plugins: [keepFiles(root, folder), keepNative(root, folder), keepLicences()],
    onLog: (level, log, report) => report(log.code === 'UNRESOLVED_IMPORT' ? 'error' : level, log),
  })
  rmSync(folder, { recursive: true, force: true })
  await bundle.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
    ...READABLE,
  })
  await bundle.close()
}
