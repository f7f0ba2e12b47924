import { exportUrl } from '../../api/logs.ts'
import type { Params } from '../../api/build-url.ts'
import { Menu } from '../../parts/menu.tsx'

/** Files of everything that matches. @param params called when the menu opens */
export function ExportMenu({ params }: { params: () => Params }) {
  return (
    <Menu label="Export">
      {(close) => (
        <ul class="menu-list">
          {(['ndjson', 'csv'] as const).map((format) => (
            <li key={format}>
              <a
                class="button"
                href={exportUrl(format, params())}
                download={`logs.${format}`}
                onClick={close}
              >
                {format.toUpperCase()}
              </a>
            </li>
          ))}
        </ul>
      )}
    </Menu>
  )
}
