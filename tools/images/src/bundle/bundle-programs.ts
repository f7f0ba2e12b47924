import { rmSync } from 'node:fs'
import { rolldown, type Plugin } from 'rolldown'
import { keepFiles } from './keep-files.ts'
import { keepLicences } from './keep-licences.ts'

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

export interface Programs {
  /** What each is made from, relative to the root, by the name of its file. */
  readonly input: Readonly<Record<string, string>>
  /** Packages that stay packages. */
  readonly external: readonly string[]
  readonly plugins?: readonly Plugin[]
}

/**
 * Makes programs and all packages that they use into a few JavaScript files, `<name>.mjs` for each, which need nothing but Node, the
 * files beside them and what stays a package.
 *
 * @param root folder of the workspace, with its packages installed
 * @param folder absolute; what it held is removed
 * @throws Error when something cannot be resolved
 */
export async function bundlePrograms(
  root: string,
  folder: string,
  { input, external, plugins = [] }: Programs,
): Promise<void> {
  const bundle = await rolldown({
    cwd: root,
    input: { ...input },
    platform: 'node',
    external: [...external],
    // A package's own affair.
    checks: { eval: false },
    transform: { target: 'node24' },
    logLevel: 'warn',
    plugins: [keepFiles(root, folder), ...plugins, keepLicences()],
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
