// Builds dist: styles, scripts and icon under names that carry a hash of their
// content, compressed copies beside them, a manifest of the names, the
// server's chart script, the licences of what is inside, and axe for tests.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { compile } from 'sass';

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');
const modules = join(root, 'node_modules');
const manifest = {};

function empty(folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (name !== '.gitkeep') rmSync(join(folder, name), { recursive: true });
}

async function script(entry) {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(root, 'src', entry)],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    metafile: true,
    write: false,
    outdir: dist,
  });
  Object.keys(metafile.inputs).forEach(use);
  return Buffer.from(outputFiles[0].contents);
}

const style = () => Buffer.from(compile(join(root, 'src/style.scss'), {
  loadPaths: [modules],
  style: 'compressed',
  quietDeps: true,
}).css);

// serve writes what the browser gets: name, hash, .gz and .br.
function serve(logical, content, hashed = true) {
  const { name, ext } = parse(logical);
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  const file = hashed ? `${name}-${hash}${ext}` : logical;
  manifest[logical] = file;
  writeFileSync(join(dist, file), content);
  writeFileSync(join(dist, file + '.gz'), gzipSync(content, { level: 9 }));
  writeFileSync(join(dist, file + '.br'), brotliCompressSync(content, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  }));
}

const used = new Set(['govuk-frontend']); // the styles come from it

function use(input) {
  const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (found) used.add(found[1]);
}

// licences of the packages that are in what is served. govuk-frontend's
// package carries the name of its licence and no text.
function licences() {
  const parts = [...used].sort().map((name) => {
    const folder = join(modules, name);
    const { version, license, homepage } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const texts = ['LICENSE', 'LICENSE.txt', 'LICENCE.txt', 'NOTICE'].map((f) => join(folder, f)).filter(existsSync);
    if (name === 'govuk-frontend') texts.push(join(root, 'src/govuk-frontend-licence.txt'));
    const words = texts.map((f) => readFileSync(f, 'utf8').trim());
    return [`${name} ${version} (${license})`, homepage ?? '', ...words].filter(Boolean).join('\n\n');
  });
  const rule = '\n\n' + '='.repeat(72) + '\n\n';
  return Buffer.from(['Bellwether serves parts of the following works.', ...parts].join(rule) + '\n');
}

empty(dist);
serve('app.css', style());
serve('app.js', await script('app.js'));
serve('chart.js', await script('chart.js'));
serve('icon.svg', readFileSync(join(root, 'src/icon.svg')));
writeFileSync(join(dist, 'ssr.js'), await script('ssr.js'));
serve('LICENCES.txt', licences(), false);
mkdirSync(join(dist, 'test'));
copyFileSync(join(modules, 'axe-core/axe.min.js'), join(dist, 'test/axe.min.js'));
writeFileSync(join(dist, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n');
