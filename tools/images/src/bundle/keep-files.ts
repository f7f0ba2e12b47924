import { cpSync, existsSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import type { Plugin } from 'rolldown'

/** Where a bundle keeps the files that its modules read. */
const FILES = 'files'
/** The folder of the running bundle, for modules that know no import.meta. */
const BUNDLE_FOLDER = 'bundleFolder'

/** Modules that read what lies beside them: the folders, relative to the workspace or to the package. */
const READERS: Readonly<Record<string, readonly string[]>> = {
  'apps/query-api/src/pages/read-assets.ts': ['apps/query-api/src/pages/assets'],
  'libs/console/src/index.ts': ['libs/console/dist/web', 'libs/console/src/web/style'],
  'node_modules/@fastify/swagger-ui/index.js': ['node_modules/@fastify/swagger-ui/static'],
  'node_modules/@fastify/swagger-ui/lib/routes.js': [],
}

/** Modules that start a worker from the file beside them, and what a bundle calls that file: it is a program of the bundle. */
const WORKERS: Readonly<Record<string, readonly [source: string, program: string]>> = {
  'tools/standalone/src/watchdog.ts': ['./watchdog-worker.ts', './watchdog-worker.mjs'],
}

/**
 * A bundle has one place, and its modules had many. What they read from beside them is copied to `files/`, under the
 * path that it has in the workspace, and they look for it there.
 *
 * @throws Error for a module of the workspace that asks where it is and is not known here
 */
export function keepFiles(root: string, out: string): Plugin {
  const folders = new Set<string>()
  return {
    name: 'keep-files',
    transform(code, id) {
      // Of the bundler's own making.
      if (id.startsWith('\0')) return undefined
      const path = relative(root, id).split(sep).join('/')
      const worker = WORKERS[path]
      if (worker) return code.replaceAll(...worker)
      const read = READERS[path]
      if (!read) {
        if (!path.includes('node_modules/') && code.includes('import.meta.'))
          throw new Error(
            `${path} asks where it is; what it reads has to be named in ${import.meta.filename}`,
          )
        return undefined
      }
      for (const folder of read) folders.add(folder)
      const place = `./${FILES}/${path}`
      return code
        .replaceAll('import.meta.url', `new URL(${JSON.stringify(place)}, import.meta.url)`)
        .replaceAll('__dirname', `(${BUNDLE_FOLDER} + ${JSON.stringify(dirname(place).slice(1))})`)
    },
    renderChunk: (code) =>
      code.includes(`(${BUNDLE_FOLDER} +`) ? `const ${BUNDLE_FOLDER} = import.meta.dirname\n${code}` : null,
    writeBundle() {
      // A console that is not built is a page that says so.
      for (const folder of folders)
        if (existsSync(join(root, folder)))
          cpSync(join(root, folder), join(out, FILES, folder), { recursive: true })
    },
  }
}
