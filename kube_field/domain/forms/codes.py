"""Code lists that several forms share, with their Indonesian labels (handbook 5 and 6.2). Codes are never reused."""

from __future__ import annotations

from kube_field.domain.forms.declaration import Choice, choices

VERSION = "2026.1"
"""Version of every form of the first edition."""
SECOND_VERSION = "2026.2"
"""Version of the visit with warnings of the officer and stage, and of the assessment with suggestions."""
THIRD_VERSION = "2026.3"
"""Version of the visit with the cash book."""

NONE = "none"
"""The choice that says "nothing of this list"; it excludes every other choice of the same question."""

IDEAS = choices(
    ("GORENGAN", "Gorengan dan jajanan sekolah"),
    ("SEMBAKO", "Warung sembako kecil"),
    ("SARAPAN", "Warung sarapan (nasi kuning, bubur)"),
    ("KUE_BASAH", "Kue basah dan kue tradisional (titip jual)"),
    ("KERIPIK", "Keripik pisang/singkong kemasan"),
    ("AMPLANG", "Amplang dan kerupuk ikan"),
    ("ABON_IKAN", "Abon ikan/lele"),
    ("IKAN_ASIN", "Ikan asin dan ikan salai"),
    ("MINUMAN", "Es dan minuman segar"),
    ("WARUNG_KOPI", "Warung kopi, pentol, dan mi"),
    ("KATERING", "Katering rumahan pesanan"),
    ("KELILING", "Pedagang sayur dan ikan keliling"),
    ("PEKARANGAN", "Sayur pekarangan (kangkung, bayam, cabai)"),
    ("AYAM_KAMPUNG", "Ternak ayam kampung pedaging"),
    ("BEBEK_TELUR", "Bebek petelur dan telur asin"),
    ("LELE", "Budi daya lele kolam terpal"),
    ("KAMBING", "Ternak kambing kelompok"),
    ("KELULUT", "Madu kelulut"),
    ("GULA_AREN", "Gula aren/gula gait"),
    ("ANYAMAN", "Anyaman rotan/purun dan kerajinan manik"),
    ("JAHIT", "Jahit dan permak pakaian"),
    ("LAUNDRY", "Laundry kiloan rumahan"),
    ("SALON", "Pangkas rambut, salon, dan rias"),
    ("PULSA", "Pulsa, token listrik, dan agen pembayaran"),
    ("GALON_GAS", "Eceran gas dan air galon"),
    ("TEMPE", "Produksi tempe dan tahu"),
    ("TAMBAL_BAN", "Tambal ban dan servis ringan motor"),
)
SECTORS = choices(
    ("food", "Makanan dan minuman"),
    ("trade", "Perdagangan"),
    ("fishery", "Perikanan"),
    ("agri", "Pertanian dan hasil hutan"),
    ("livestock", "Peternakan"),
    ("craft", "Kerajinan"),
    ("service", "Jasa"),
)
SEXES = choices(("L", "Laki-laki"), ("P", "Perempuan"))
PPKS_CATEGORIES = choices(
    ("09", "Penyandang Disabilitas"),
    ("20", "Pekerja Migran Bermasalah Sosial"),
    ("21", "Korban Bencana Alam"),
    ("22", "Korban Bencana Sosial"),
    ("23", "Perempuan Rawan Sosial Ekonomi"),
    ("24", "Fakir Miskin"),
    ("25", "Keluarga Bermasalah Sosial Psikologis"),
    ("26", "Komunitas Adat Terpencil"),
)
PRSE = "23"
FAKIR_MISKIN = "24"
SKILLS = choices(
    ("berdagang", "Berdagang/melayani pembeli"),
    ("memasak", "Memasak"),
    ("membuat_kue", "Membuat kue"),
    ("olahan_kering", "Mengolah keripik/kerupuk/abon"),
    ("olahan_ikan", "Menggarami/mengasap ikan"),
    ("olahan_kedelai", "Membuat tempe/tahu"),
    ("menjahit", "Menjahit"),
    ("menganyam", "Menganyam/manik"),
    ("rias_rambut", "Pangkas/rias"),
    ("laundry", "Mencuci dan menyetrika"),
    ("berkebun", "Berkebun"),
    ("ternak_unggas", "Ternak ayam/bebek"),
    ("ternak_ruminansia", "Ternak kambing/sapi"),
    ("budidaya_ikan", "Budi daya ikan"),
    ("budidaya_lebah", "Budi daya lebah madu"),
    ("sadap_aren", "Menyadap aren"),
    ("mekanik", "Memperbaiki motor/mesin"),
    ("digital", "Memakai aplikasi telepon"),
    ("kelola_pesanan", "Mengelola pesanan besar"),
)
SKILL_LEVELS = choices(("none", "Belum bisa"), ("basic", "Bisa sedikit"), ("experienced", "Mahir/pernah usaha"))
MATERIALS = choices(
    ("grosir", "Barang dagangan grosir"),
    ("pangan_pasar", "Bahan masak dari pasar"),
    ("hasil_kebun", "Pisang, singkong, hasil kebun"),
    ("ikan", "Ikan"),
    ("lahan_air", "Lahan dan air siram"),
    ("pakan", "Pakan ternak/ikan"),
    ("hijauan", "Hijauan (rumput)"),
    ("bunga_hutan", "Sumber bunga"),
    ("nira", "Nira aren"),
    ("bahan_anyam", "Rotan, purun, manik"),
    ("kain_benang", "Kain dan benang"),
    ("kosmetik", "Kosmetik dan alat rias"),
    ("kedelai", "Kedelai"),
    ("suku_cadang", "Suku cadang dan oli"),
    ("sinyal", "Sinyal seluler"),
    ("air_listrik", "Air dan listrik lancar"),
)
MARKETS = choices(
    ("tetangga", "Tetangga"),
    ("sekolah", "Sekolah"),
    ("kantor_camp", "Kantor/camp perusahaan"),
    ("pasar", "Pasar"),
    ("hajatan", "Hajatan"),
    ("oleh_oleh", "Pusat oleh-oleh"),
    ("daring", "Daring (internet)"),
    ("pengepul", "Pengepul"),
)
DEMAND_LEVELS = choices(("0", "Tidak ada"), ("1", "Kecil"), ("2", "Sedang"), ("3", "Besar"))
RAW_LEVELS = choices(("0", "Tidak ada"), ("1", "Sedikit"), ("2", "Cukup"), ("3", "Berlimpah"))
SPACES = choices(
    ("rumah", "Ruang di rumah"),
    ("dapur", "Dapur"),
    ("kios", "Kios/warung"),
    ("pekarangan", "Pekarangan"),
    ("lahan", "Lahan/kebun"),
    ("tepi_air", "Tepi air"),
    ("kendaraan", "Kendaraan"),
    (NONE, "Tidak ada"),
)
LENDERS = choices(
    ("bank", "Bank"),
    ("koperasi", "Koperasi"),
    ("pnm_mekaar", "PNM Mekaar"),
    ("keluarga", "Keluarga/kerabat"),
    ("rentenir", "Rentenir"),
    ("pinjol", "Pinjaman daring"),
    ("lainnya", "Lainnya"),
)
UNITS_OF_GOODS = choices(
    ("buah", "buah"),
    ("unit", "unit"),
    ("set", "set"),
    ("kg", "kg"),
    ("liter", "liter"),
    ("dus", "dus"),
    ("sak", "sak"),
    ("ekor", "ekor"),
    ("meter", "meter"),
    ("paket", "paket"),
)
CONDITIONS = choices(("baru", "Baru"), ("baik", "Baik"), ("rusak", "Rusak"))
BANKS = choices(
    ("bankaltimtara", "Bankaltimtara"),
    ("bri", "BRI"),
    ("bni", "BNI"),
    ("mandiri", "Bank Mandiri"),
    ("bsi", "BSI"),
    ("btn", "BTN"),
    ("bca", "BCA"),
    ("lainnya", "Lainnya"),
)
PLACES = choices(
    ("tempat_usaha", "Tempat usaha"),
    ("rumah", "Rumah"),
    ("balai_desa", "Balai desa"),
    ("lainnya", "Lainnya"),
)
OFFICES = choices(("ketua", "Ketua"), ("sekretaris", "Sekretaris"), ("bendahara", "Bendahara"), ("anggota", "Anggota"))
"""Roles inside a KUBE."""
OWNER_KINDS = choices(("group", "Kelompok (KUBE)"), ("person", "Perorangan"))
HOW_CONSENTED = choices(("lisan", "Lisan"), ("tanda_tangan", "Tanda tangan"), ("cap_jempol", "Cap jempol"))
PHOTO_KINDS = choices(
    ("tempat_usaha", "Tempat usaha"),
    ("produk", "Produk"),
    ("alat", "Alat"),
    ("buku", "Buku kas"),
    ("kegiatan", "Kegiatan, penerima bersama usaha/petugas"),
    ("lainnya", "Lainnya"),
)


def codes_of(items: tuple[Choice, ...]) -> tuple[str, ...]:
    """The codes of a list of choices, in its order."""
    return tuple(item.code for item in items)
