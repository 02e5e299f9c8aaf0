namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>The boot loaders that the evidence of the kernel distinguishes.</summary>
internal enum LoaderFamily
{
    /// <summary>None of the known loaders.</summary>
    Other,

    /// <summary>GRUB 2.</summary>
    Grub,

    /// <summary>systemd-boot.</summary>
    SystemdBoot,

    /// <summary>The firmware or any loader, with a unified kernel image that holds its command line.</summary>
    UnifiedImage,

    /// <summary>Limine.</summary>
    Limine,

    /// <summary>rEFInd, or its derivative RefindPlus.</summary>
    Refind,

    /// <summary>syslinux and its kin, or U-Boot with the same menu.</summary>
    Extlinux,
}
