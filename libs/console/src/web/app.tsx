import type { ComponentType } from 'preact'
import { ErrorBoundary, LocationProvider, Route, Router } from 'preact-iso'
import { LeaveGuard } from './data/leave-guard.tsx'
import { MeProvider } from './data/me.tsx'
import { lazyView } from './lazy-view.tsx'
import { ShortcutsProvider } from './keyboard/shortcuts.tsx'
import { Missing } from './missing.tsx'
import type { ViewPath } from './nav-items.ts'
import { WaitingLettersProvider } from './data/waiting-letters.tsx'
import { ZoneProvider } from './data/zone.tsx'
import { ToastProvider } from './parts/toast.tsx'
import { Shell } from './shell.tsx'

const VIEWS: Readonly<Record<ViewPath, ComponentType>> = {
  '/console/logs': lazyView(() => import('./views/logs/index.tsx')),
  '/console/metrics': lazyView(() => import('./views/metrics/index.tsx')),
  '/console/traces': lazyView(() => import('./views/traces/index.tsx')),
  '/console/mailings': lazyView(() => import('./views/mailings/index.tsx')),
  '/console/clients': lazyView(() => import('./views/clients/index.tsx')),
  '/console/reports': lazyView(() => import('./views/reports/index.tsx')),
  '/console/dead-letters': lazyView(() => import('./views/dead-letters/index.tsx')),
  '/console/audit': lazyView(() => import('./views/audit/index.tsx')),
  '/console/keys': lazyView(() => import('./views/keys/index.tsx')),
  '/console/api': lazyView(() => import('./views/api/index.tsx')),
  '/console/system': lazyView(() => import('./views/system/index.tsx')),
}

/** Reached by the name of who has signed in, not from the navigation. */
const Sessions = lazyView(() => import('./views/sessions/index.tsx'))

/** The whole console. Links that lead out of /console are left to the browser. */
export function App() {
  return (
    <LocationProvider scope={/^\/console(\/|\?|$)|^\?/}>
      <LeaveGuard>
        <MeProvider>
          <ToastProvider>
            <ZoneProvider>
              <WaitingLettersProvider>
                <ShortcutsProvider>
                  <Shell>
                    <ErrorBoundary>
                      <Router>
                        <Route path="/console" component={VIEWS['/console/logs']} />
                        {Object.entries(VIEWS).map(([path, view]) => (
                          <Route key={path} path={path} component={view} />
                        ))}
                        <Route path="/console/mailings/*" component={VIEWS['/console/mailings']} />
                        <Route path="/console/metrics/*" component={VIEWS['/console/metrics']} />
                        <Route path="/console/sessions" component={Sessions} />
                        <Route default component={Missing} />
                      </Router>
                    </ErrorBoundary>
                  </Shell>
                </ShortcutsProvider>
              </WaitingLettersProvider>
            </ZoneProvider>
          </ToastProvider>
        </MeProvider>
      </LeaveGuard>
    </LocationProvider>
  )
}
