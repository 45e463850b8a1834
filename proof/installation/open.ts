import { ComposeInstallation } from './compose-installation.js';
import type { Installation } from './installation.js';
import { LauncherInstallation } from './launcher-installation.js';

/**
 * @param folder where everything of this run lies
 * @throws {CannotRun} when it cannot be had here
 */
export const openInstallation = (compose: boolean, folder: string, begun: Date): Installation =>
  compose ? new ComposeInstallation(folder, begun) : new LauncherInstallation(folder, begun);
