; Setup for Windows 10 (1809) and later, made on Linux or Windows by makensis. It needs no administrator: everything
; goes to the user's own folder. The data lie elsewhere (%LOCALAPPDATA%\kube-field) and are never touched.
; makensis -DVERSION=0.1.0 -DSOURCE=dist/kube-field -DTARGET=dist/… -DSIZE_KB=… setup.nsi
Target amd64-unicode
Unicode true
SetCompressor /SOLID lzma
SetCompressorDictSize 32
!include "MUI2.nsh"
!include "LogicLib.nsh"
!include "WinVer.nsh"

; With a certificate: -DSIGN="signtool sign …" signs the setup and the program that removes.
!ifdef SIGN
  !finalize '${SIGN} "%1"'
  !uninstfinalize '${SIGN} "%1"'
!endif

!define TITLE "KUBE Lapangan"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\kube-field"

Name "${TITLE}"
OutFile "${TARGET}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\kube-field"
InstallDirRegKey HKCU "Software\kube-field" "InstallDir"
ManifestDPIAware true
BrandingText "${TITLE} ${VERSION}"

VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=1057 "ProductName" "${TITLE}"
VIAddVersionKey /LANG=1057 "FileDescription" "Pemasang ${TITLE}"
VIAddVersionKey /LANG=1057 "CompanyName" "KUBE Lapangan developers"
VIAddVersionKey /LANG=1057 "LegalCopyright" "Copyright (c) 2026 KUBE Lapangan developers"
VIAddVersionKey /LANG=1057 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=1057 "ProductVersion" "${VERSION}"

!define MUI_ICON "kube-field.ico"
!define MUI_UNICON "kube-field.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\kube-field.exe"
!define MUI_FINISHPAGE_RUN_TEXT "Buka ${TITLE}"
!define MUI_UNCONFIRMPAGE_TEXT_TOP "${TITLE} akan dihapus dari laptop ini. Data Anda tetap tersimpan terenkripsi di $LOCALAPPDATA\kube-field dan terbuka lagi bila program dipasang kembali."
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "Indonesian"

; A program that runs keeps its own file from being written.
!macro RefuseWhileRunning UN
Function ${UN}RefuseWhileRunning
  ${For} $1 1 3
    StrCpy $2 "$INSTDIR\kube-field.exe"
    ${If} $1 = 2
      StrCpy $2 "$INSTDIR\kube-field-cli.exe"
    ${ElseIf} $1 = 3
      StrCpy $2 "$INSTDIR\kube-field-server.exe"
    ${EndIf}
    ${If} ${FileExists} "$2"
      ${Do}
        ClearErrors
        FileOpen $0 "$2" a
        ${IfNot} ${Errors}
          FileClose $0
          ${Break}
        ${EndIf}
        MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${TITLE} masih terbuka. Tutup dahulu, lalu pilih Coba lagi. Yang sudah diketik tersimpan." /SD IDCANCEL IDRETRY again
        SetErrorLevel 4
        Abort
        again:
      ${Loop}
    ${EndIf}
  ${Next}
FunctionEnd
!macroend
!insertmacro RefuseWhileRunning ""
!insertmacro RefuseWhileRunning "un."

; Only what a setup has put there: the folder may hold files of others.
!macro RemoveProgram
  RMDir /r "$INSTDIR\_internal"
  RMDir /r "$INSTDIR\licences"
  Delete "$INSTDIR\kube-field.exe"
  Delete "$INSTDIR\kube-field-cli.exe"
  Delete "$INSTDIR\kube-field-server.exe"
  Delete "$INSTDIR\LICENSE"
  Delete "$INSTDIR\SHA256SUMS"
!macroend

Function .onInit
  ${IfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "${TITLE} memerlukan Windows 10 atau lebih baru." /SD IDOK
    SetErrorLevel 2
    Abort
  ${EndIf}
FunctionEnd

Section
  Call RefuseWhileRunning
  !insertmacro RemoveProgram
  SetOutPath "$INSTDIR"
  ClearErrors
  File /r "${SOURCE}/*.*"
  ${If} ${Errors}
    MessageBox MB_OK|MB_ICONSTOP "Berkas program tidak dapat ditulis ke $INSTDIR. Periksa ruang disk dan antivirus, lalu jalankan pemasang ini lagi. Data Anda tidak berubah." /SD IDOK
    SetErrorLevel 2
    Abort
  ${EndIf}
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateDirectory "$SMPROGRAMS\${TITLE}"
  CreateShortCut "$SMPROGRAMS\${TITLE}\${TITLE}.lnk" "$INSTDIR\kube-field.exe"
  CreateShortCut "$SMPROGRAMS\${TITLE}\Coba dengan data contoh.lnk" "$INSTDIR\kube-field.exe" "demo"
  CreateShortCut "$DESKTOP\${TITLE}.lnk" "$INSTDIR\kube-field.exe"
  WriteRegStr HKCU "Software\kube-field" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${TITLE}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\kube-field.exe"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "KUBE Lapangan developers"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  Call un.RefuseWhileRunning
  !insertmacro RemoveProgram
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  RMDir /r "$SMPROGRAMS\${TITLE}"
  Delete "$DESKTOP\${TITLE}.lnk"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "Software\kube-field"
SectionEnd
