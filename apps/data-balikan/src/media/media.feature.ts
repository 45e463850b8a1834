import pg from 'pg';
import { KeyFolder } from '#service';
import { Destinations } from '../destinations/destinations.js';
import type { Feature, FeatureContext } from '../feature.js';
import { PersonVault } from '../people/person-vault.js';
import { MediaController } from './media.controller.js';
import { MediaPackages } from './media-packages.js';
import { PackageSigner } from './package-signer.js';

export const media = (_context: FeatureContext): Feature => ({
  controllers: [MediaController],
  providers: [
    { provide: PackageSigner, useFactory: (folder: KeyFolder) => new PackageSigner(folder), inject: [KeyFolder] },
    {
      provide: MediaPackages,
      useFactory: (pool: pg.Pool, vault: PersonVault, signer: PackageSigner, found: Destinations) =>
        new MediaPackages(pool, vault, signer, found),
      inject: [pg.Pool, PersonVault, PackageSigner, Destinations],
    },
  ],
  workers: [],
});
