/** Debian packages that must be installed on the system, and what each group is for. */
export interface PackageGroup {
  readonly purpose: string;
  readonly packages: readonly string[];
}

// Debian 12 cannot install its archive's odoo-19 package (a few dependencies are newer), but runs it with
// these. Odoo's web client takes fonts and JavaScript libraries from them too.
const odooPythonModules =
  "asn1crypto babel cbor2 chardet cryptography dateutil docutils freezegun geoip2 gevent greenlet idna jinja2 " +
  "ldap libsass lxml magic markupsafe num2words ofxparse openpyxl openssl passlib pil polib psutil psycopg2 " +
  "pypdf pypdf2 qrcode reportlab requests rjsmin serial stdnum tz urllib3 usb vobject websocket werkzeug xlrd " +
  "xlsxwriter xlwt zeep";

const odooGroup: PackageGroup = {
  purpose: "libraries of Odoo 19 and of the private PostgreSQL",
  packages: ["python3", ...odooPythonModules.split(" ").map((name) => `python3-${name}`)],
};

const webGroup: PackageGroup = {
  purpose: "fonts and JavaScript libraries of Odoo's web client",
  packages: (
    "fonts-dejavu-core fonts-font-awesome fonts-glyphicons-halflings fonts-inconsolata fonts-ocr-b " +
    "fonts-roboto-unhinted gsfonts libjs-jquery libjs-jquery-form libjs-underscore"
  ).split(" "),
};

const archiveGroup: PackageGroup = {
  purpose: "checking and fetching packages",
  packages: ["debian-archive-keyring", "ca-certificates"],
};

const browserGroup: PackageGroup = { purpose: "browser tests", packages: ["chromium"] };

export const runGroups: readonly PackageGroup[] = [odooGroup, webGroup, archiveGroup];
export const testGroups: readonly PackageGroup[] = [...runGroups, browserGroup];
